using System.Diagnostics;
using System.Text.Json;

namespace IsacTestbed.SoapyRemote.Tests;

/// <summary>A server and a native client program, alone in a network namespace of their own, so that no discovery leaves the machine.</summary>
internal static class NativeChain
{
    public const string Python = "/usr/bin/python3";
    private const string Isolated = "ip link set lo up && exec \"$0\" \"$@\"";

    /// <summary>Arguments of unshare that work here; null when none do.</summary>
    public static string? UnshareOption { get; } = ((string[])["-n", "-rn"]).FirstOrDefault(o => Exits("unshare", [o, "sh", "-c", "ip link set lo up"]));

    /// <summary>Runs a client program against the test scene.</summary>
    /// <param name="isLockStep">Whether time follows the readers.</param>
    /// <param name="seconds">After which the program is stopped.</param>
    /// <param name="program">The program and its arguments.</param>
    /// <returns>Its exit code, its output, and both error outputs.</returns>
    public static async Task<(int Exit, string Output, string Errors)> RunAsync(bool isLockStep, double seconds, params string[] program)
    {
        string seconds0 = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            "unshare",
            [UnshareOption!, "sh", "-c", Isolated, DotNet, typeof(NativeChain).Assembly.Location, isLockStep ? "lockstep" : "paced", seconds0, .. program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a Python client, which ends its output with one line of JSON.</summary>
    public static async Task<JsonElement> RunScriptAsync(bool isLockStep, string script, params string[] arguments)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "Clients", script);
        (int exit, string output, string errors) = await RunAsync(isLockStep, 120, [Python, file, .. arguments]);
        Assert.True(exit == 0, $"{script} ended with {exit}:\n{output}\n{errors}");
        return JsonDocument.Parse(output.Trim().Split('\n')[^1]).RootElement;
    }

    /// <summary>Whether a program ends with success.</summary>
    public static bool Exits(string program, string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
