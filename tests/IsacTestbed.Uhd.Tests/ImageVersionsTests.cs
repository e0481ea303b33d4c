using IsacTestbed.Ether;
using IsacTestbed.Soapy.Tests;

namespace IsacTestbed.Uhd.Tests;

/// <summary>Versions of firmware and FPGA images from the tool's report.</summary>
public sealed class ImageVersionsTests
{
    // In the shape that uhd_usrp_probe of libuhd 4.3 prints; the values are made up.
    private const string Report = """
          _____________________________________________________
         /
        |       Device: X-Series Device
        |     _____________________________________________________
        |    /
        |   |       Mboard: X310
        |   |   revision: 11
        |   |   product: 30818
        |   |   mac-addr0: 00:80:2f:01:02:03
        |   |   serial: 30A0B0C
        |   |   FW Version: 6.0
        |   |   FPGA Version: 38.0
        |   |   FPGA git hash: be53058
        |   |
        |   |   Time sources:  internal, external, gpsdo
        |   |   Sensors: ref_locked
        |     _____________________________________________________
        |    /
        |   |       RX DSP: 0
        |   |   Freq range: -100.000 to 100.000 MHz
        |     _____________________________________________________
        |    /
        |   |       Mboard: X300
        |   |   serial: 30A0B0D
        |   |   FW Version: 6.1
        """;

    [Fact]
    public void Report_OfTwoBoards_HasTheVersionsOfEach()
    {
        UhdImageVersions versions = UhdImageVersions.Parse(Report);
        Assert.Equal(2, versions.Boards.Count);
        Assert.Equal(("X310", "30A0B0C"), (versions.Boards[0]["name"], versions.Boards[0]["serial"]));
        Assert.Equal(("6.0", "38.0"), (versions.Boards[0]["FW Version"], versions.Boards[0]["FPGA Version"]));
        Assert.Equal("internal, external, gpsdo", versions.Boards[0]["Time sources"]);
        Assert.DoesNotContain("Freq range", versions.Boards[0].Keys);
        Assert.Equal(("X300", "6.1"), (versions.Boards[1]["name"], versions.Boards[1]["FW Version"]));
    }

    [Fact]
    public void Report_WithoutABoard_IsEmpty() => Assert.Empty(UhdImageVersions.Parse("linux; GNU C++ version 12\n\n").Boards);

    [UhdFact]
    public async Task Tool_OnTheChain_ReportsTheEmulatedBoard()
    {
        UhdIsolation.ShareWithChildren();
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        UhdImageVersions versions = await UhdImageVersions.ReadAsync(UhdChain.Options(served).Arguments, CancellationToken.None);
        IReadOnlyDictionary<string, string> board = Assert.Single(versions.Boards);
        Assert.Equal("emulated", board["name"]);
        Assert.NotEmpty(board["serial"]);
    }
}
