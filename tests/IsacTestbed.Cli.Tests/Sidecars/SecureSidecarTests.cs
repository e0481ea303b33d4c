using System.Runtime.Versioning;
using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests.Sidecars;

/// <summary>The sidecar for a laboratory from the command line: TLS, tokens and the files they come from.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecureSidecarTests : IDisposable
{
    private readonly SecretBench _secrets = new();

    public void Dispose() => _secrets.Dispose();

    [Fact]
    public async Task Run_OverTlsWithToken_GoesThroughAndOtherWaysDoNot()
    {
        await using IsacProcess sidecar = Start(_secrets.Serving);
        string address = await AddressAsync(sidecar, "https");

        IsacResult run = await RunAsync(address, "right", _secrets.Calling);
        Assert.True(run.ExitCode == 0, run.Error);

        string wrong = _secrets.WriteSecret("wrong", "fedcba9876543210fedcba9876543210");
        await RefusedAsync(address, "not this server's", "--ca", _secrets.Authority, "--token-file", wrong);
        await RefusedAsync(address, "shows none", "--ca", _secrets.Authority);
        await RefusedAsync(address, "certificate", "--token-file", _secrets.TokenFile);
        await RefusedAsync(address, "No sidecar answers");

        // The certificate is for the address, not for the name.
        await RefusedAsync(address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "NameMismatch", _secrets.Calling);
        await sidecar.SignalAsync("TERM");
        Assert.Equal(0, (await sidecar.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Run_WithAClientCertificate_GoesThroughOnlyWithIt()
    {
        (string certificate, string key) = _secrets.WriteClient();
        await using IsacProcess sidecar = Start([.. _secrets.Serving, "--client-ca", _secrets.Authority]);
        string address = await AddressAsync(sidecar, "https");
        IsacResult run = await RunAsync(address, "right", [.. _secrets.Calling, "--client-certificate", certificate, "--client-key", key]);
        Assert.True(run.ExitCode == 0, run.Error);
        await RefusedAsync(address, "No sidecar answers", _secrets.Calling);
    }

    [Theory]
    [InlineData()]
    [InlineData("--token-file")]
    [InlineData("--certificate", "--key")]
    public async Task Sidecar_OnEveryAddressWithoutAllThree_IsRefusedWithWhatToDo(params string[] given)
    {
        string[] options = [.. given.SelectMany(o => new[] { o, o == "--token-file" ? _secrets.TokenFile : o == "--key" ? _secrets.Key : _secrets.Certificate })];
        IsacResult result = await IsacProcess.RunAsync(["sidecar", "--scenario", ScratchFolder.SmallScenario, "--listen", "0.0.0.0:0", .. options]);
        Complaint.AssertOneLine(
            result, ExitCodes.InvalidInput, "--listen", "not a loopback address", "--certificate, --key and --token-file", "openssl req -x509", "openssl rand -hex 32");
    }

    [Fact]
    public async Task Sidecar_OnLoopbackWithATokenOnly_IsRefused() =>
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("sidecar", "--scenario", ScratchFolder.SmallScenario, "--listen", "127.0.0.1:0", "--token-file", _secrets.TokenFile),
            ExitCodes.InvalidInput,
            "TLS needs all three");

    [Theory]
    [InlineData("--key", UnixFileMode.OtherRead)]
    [InlineData("--token-file", UnixFileMode.OtherRead)]
    [InlineData("--token-file", UnixFileMode.OtherWrite)]
    [InlineData("--token-file", UnixFileMode.GroupWrite)]
    public async Task Sidecar_SecretThatOthersMayUse_IsRefused(string option, UnixFileMode open)
    {
        string file = option == "--key" ? _secrets.Key : _secrets.TokenFile;
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | open);
        Complaint.AssertOneLine(await ServeAsync(_secrets.Serving), ExitCodes.InvalidInput, option, file, "chmod 600");
    }

    [Fact]
    public async Task Sidecar_CertificateThatHasExpired_IsRefused()
    {
        (string certificate, string key) = _secrets.WriteServer("127.0.0.1", validDays: -1);
        Complaint.AssertOneLine(
            await ServeAsync(["--certificate", certificate, "--key", key, "--token-file", _secrets.TokenFile]), ExitCodes.InvalidInput, "--certificate", "expired");
    }

    [Fact]
    public async Task Sidecar_KeyOfAnotherCertificate_IsRefused()
    {
        (_, string key) = _secrets.WriteServer("localhost");
        Complaint.AssertOneLine(
            await ServeAsync(["--certificate", _secrets.Certificate, "--key", key, "--token-file", _secrets.TokenFile]), ExitCodes.InvalidInput, "--certificate", key);
    }

    [Theory]
    [InlineData("short\n")]
    [InlineData("")]
    [InlineData("two words are no token of any use\n")]
    public async Task Sidecar_FileWithoutAToken_IsRefusedWithoutShowingIt(string text)
    {
        string file = _secrets.WriteSecret("bad", text);
        IsacResult result = await ServeAsync(["--certificate", _secrets.Certificate, "--key", _secrets.Key, "--token-file", file]);
        Complaint.AssertOneLine(result, ExitCodes.InvalidInput, "--token-file", file, "openssl rand -hex 32");
        Assert.True(text.Length == 0 || !result.Error.Contains(text.TrimEnd(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_OfASidecarElsewhereWithoutAToken_IsRefusedBeforeAnythingIsSent() =>
        Complaint.AssertOneLine(await RunAsync("bench-pc.example:50051", "run"), ExitCodes.InvalidInput, "--sidecar", "bench-pc.example:50051", "--token-file");

    [Fact]
    public async Task Sidecar_WithAProfile_RefusesWhatItForbids()
    {
        // The scenario is at 3.5 GHz, where the B210's profile allows nothing.
        string profile = Path.Combine(AppContext.BaseDirectory, "firmware-config", "radios", "b210.yaml");
        await using IsacProcess sidecar = Start(["--profile", profile]);
        IsacResult run = await RunAsync(await AddressAsync(sidecar, "http"), "run");
        Complaint.AssertOneLine(run, ExitCodes.RadioFault, "device-1", "3500000000 Hz", "2400000000 to 2483500000 Hz");
    }

    [Fact]
    public async Task Sidecar_WithAProfileThatIsNone_NamesTheKey()
    {
        string file = _secrets.Scratch["profile.yaml"];
        await File.WriteAllTextAsync(file, "name: x\nmasterClok: {}\n");
        Complaint.AssertOneLine(await ServeAsync(["--profile", file]), ExitCodes.InvalidInput, file, "masterClock", "masterClok");
    }

    private static IsacProcess Start(string[] options) =>
        IsacProcess.Start(["sidecar", "--scenario", ScratchFolder.SmallScenario, "--listen", "127.0.0.1:0", .. options]);

    private static Task<IsacResult> ServeAsync(string[] options) =>
        IsacProcess.RunAsync(["sidecar", "--scenario", ScratchFolder.SmallScenario, "--listen", "127.0.0.1:0", .. options]);

    private static async Task<string> AddressAsync(IsacProcess sidecar, string scheme)
    {
        string line = await sidecar.WaitForAsync(l => l.Contains("://", StringComparison.Ordinal));
        var address = new Uri(line.Split(' ')[^1]);
        Assert.Equal(scheme, address.Scheme);
        return address.Authority;
    }

    private async Task RefusedAsync(string address, string says, params string[] options) =>
        Complaint.AssertOneLine(await RunAsync(address, "refused", options), ExitCodes.RadioFault, says);

    private Task<IsacResult> RunAsync(string address, string folder, params string[] options) => IsacProcess.RunAsync(
        ["run", "--plain", "--rounds", "4", "--method", "exact", "--scenario", ScratchFolder.SmallScenario, "--out", _secrets.Scratch[folder], "--sidecar", address, .. options]);
}
