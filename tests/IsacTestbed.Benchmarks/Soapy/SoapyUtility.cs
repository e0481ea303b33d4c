using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace IsacTestbed.Benchmarks.Soapy;

/// <summary>SoapySDRUtil's own rate test.</summary>
internal static partial class SoapyUtility
{
    /// <summary>Receives for a while.</summary>
    /// <returns>The last rate that it printed, samples per second.</returns>
    public static double Receive(string arguments, TimeSpan duration)
    {
        var start = new ProcessStartInfo(
            "timeout",
            [
                "-s", "INT", duration.TotalSeconds.ToString(CultureInfo.InvariantCulture), "SoapySDRUtil", $"--args={arguments}", "--rate=200e6",
                "--channels=0", "--direction=RX",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        text += errors.GetAwaiter().GetResult();
        Match last = Rate().Matches(text).LastOrDefault() ?? throw new InvalidOperationException($"SoapySDRUtil printed no rate: {text}");
        return double.Parse(last.Groups[1].Value, CultureInfo.InvariantCulture) * 1e6;
    }

    [GeneratedRegex(@"([0-9.]+)\s*Msps\s+[0-9.]+\s*MBps")]
    private static partial Regex Rate();
}
