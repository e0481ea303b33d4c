using IsacTestbed.EndToEnd.Tests;

namespace IsacTestbed.Cli.Tests;

/// <summary>The words of <c>isac emulate</c>; what it serves is tested with the server.</summary>
public sealed class EmulateCommandTests
{
    [Theory]
    [InlineData("--listen", "nonsense", "address:port")]
    [InlineData("--listen", "0.0.0.0:0", "loopback")]
    [InlineData("--listen", "192.0.2.1:0", "loopback")]
    [InlineData("--rate", "5", "at least 1000 Hz")]
    public async Task Emulate_OptionThatCannotBe_IsNamed(string option, string value, string expected) =>
        Complaint.AssertOneLine(
            await IsacProcess.RunAsync("emulate", "--scenario", ScratchFolder.SmallScenario, option, value),
            ExitCodes.InvalidInput,
            option,
            expected);

    [Fact]
    public async Task Emulate_WithoutAScenario_SaysSo() =>
        Complaint.AssertOneLine(await IsacProcess.RunAsync("emulate"), ExitCodes.InvalidInput, "--scenario", "--help");
}
