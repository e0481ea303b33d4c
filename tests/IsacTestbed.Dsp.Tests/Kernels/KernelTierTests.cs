using System.Diagnostics;

namespace IsacTestbed.Dsp.Tests.Kernels;

public class KernelTierTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512", "512=False")]
    [InlineData("DOTNET_EnableAVX2", "512=False 256=False")]
    [InlineData("DOTNET_EnableHWIntrinsic", "512=False 256=False")]
    public async Task Kernels_WithAnInstructionTierSwitchedOff_GiveTheSameBits(string variable, string tiers)
    {
        string here = KernelTierProgram.Describe();
        string program = typeof(KernelTierProgram).Assembly.Location;
        ProcessStartInfo start = new(Environment.ProcessPath!, [program]) { RedirectStandardOutput = true };
        if (!Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.Ordinal))
        {
            start.FileName = "dotnet";
        }

        start.Environment[variable] = "0";
        using Process child = Process.Start(start)!;
        string there = (await child.StandardOutput.ReadToEndAsync()).Trim();
        await child.WaitForExitAsync();
        Assert.Equal(0, child.ExitCode);
        // The tier is really off, and was not off already unless this machine lacks it.
        Assert.StartsWith(tiers, there, StringComparison.Ordinal);
        Assert.Equal(here[here.IndexOf("digest", StringComparison.Ordinal)..], there[there.IndexOf("digest", StringComparison.Ordinal)..]);
    }
}
