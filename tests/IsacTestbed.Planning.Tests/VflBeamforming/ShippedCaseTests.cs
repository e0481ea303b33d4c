using System.Text.RegularExpressions;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.VflBeamforming;

namespace IsacTestbed.Planning.Tests.VflBeamforming;

public sealed partial class ShippedCaseTests
{
    [Fact]
    public void ShippedCase_IsTheFirstDrawOfTheScene()
    {
        var shipped = VflBeamformingCase.Read(Read());
        VflBeamformingCase drawn = new MultiCellScene().Draw(1);
        Assert.Equal((drawn.PowerWatts, drawn.UserNoiseWatts, drawn.SensingNoiseWatts, drawn.Rho), (shipped.PowerWatts, shipped.UserNoiseWatts, shipped.SensingNoiseWatts, shipped.Rho));
        Assert.Equal((3, 2, 2, 12), (shipped.Cells, shipped.Users, shipped.Targets, shipped.Antennas));
        foreach ((IReadOnlyList<IReadOnlyList<ComplexMatrix>> file, IReadOnlyList<IReadOnlyList<ComplexMatrix>> scene) in
            (ReadOnlySpan<(IReadOnlyList<IReadOnlyList<ComplexMatrix>>, IReadOnlyList<IReadOnlyList<ComplexMatrix>>)>)[(shipped.Channels, drawn.Channels), (shipped.SensingChannels, drawn.SensingChannels)])
        {
            for (int link = 0; link < 36 * 6; link++)
            {
                (int n, int m, int row, int i) = (link / 72, link / 24 % 3, link / 12 % 2, link % 12);

                // Seven digits of the file.
                Assert.True((file[n][m][row, i] - scene[n][m][row, i]).Magnitude <= 1e-6 * scene[n][m][row, i].Magnitude);
            }
        }
    }

    [Fact]
    public void ShippedCase_BelongsToThisFamily() =>
        Assert.Equal("vfl-beamforming", new PlannerCatalog(TimeProvider.System).Detect(Read()).Family);

    // The YAML subset of the file: top-level keys whose values are JSON, over several indented lines.
    private static ConfigurationObject Read()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "IsacTestbed.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        Assert.NotNull(folder);
        string[] lines = File.ReadAllLines(Path.Combine(folder, "scenarios", "vfl-beamforming-paper.yaml"));
        string body = string.Join("\n", lines.Select(line => Comment().Replace(line, string.Empty)));
        return ConfigurationObject.Parse($"{{{Key().Replace(body, ",\"$1\":").TrimStart('\n', ',')}}}", "vfl-beamforming-paper.yaml");
    }

    [GeneratedRegex("(^|\\s)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex("^([A-Za-z]+):", RegexOptions.Multiline)]
    private static partial Regex Key();
}
