using System.Diagnostics;

namespace IsacTestbed.Sidecar.Tests.Doubles;

/// <summary>A test against the system's Python gRPC; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    /// <summary>The interpreter that the distribution's packages belong to.</summary>
    public const string Interpreter = "/usr/bin/python3";

    private static readonly Lazy<string?> Missing = new(FindMissing);

    public PythonFactAttribute()
    {
        Skip = Missing.Value;
    }

    private static string? FindMissing()
    {
        if (!File.Exists(Interpreter))
        {
            return $"{Interpreter} is not installed.";
        }

        var start = new ProcessStartInfo(Interpreter) { RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("import grpc, grpc_tools, numpy");
        using var process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? null
            : $"The packages python3-grpcio, python3-grpc-tools and python3-numpy are needed: {error.Trim().Split('\n')[^1]}";
    }
}
