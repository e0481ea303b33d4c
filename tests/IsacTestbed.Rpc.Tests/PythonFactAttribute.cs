using System.Diagnostics;

namespace IsacTestbed.Rpc.Tests;

/// <summary>A test that needs Debian's Python with grpcio and grpcio-tools; skipped with the reason where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(Probe);

    public PythonFactAttribute() => Skip = Missing.Value;

    private static string? Probe()
    {
        if (!File.Exists(PythonProcess.Interpreter))
        {
            return $"{PythonProcess.Interpreter} is not installed.";
        }

        using Process probe = Process.Start(new ProcessStartInfo(PythonProcess.Interpreter, ["-c", "import grpc, grpc_tools.protoc"])
        {
            RedirectStandardError = true,
        })!;
        string error = probe.StandardError.ReadToEnd();
        probe.WaitForExit();
        return probe.ExitCode == 0
            ? null
            : $"{PythonProcess.Interpreter} lacks grpc (Debian: python3-grpcio, python3-grpc-tools): {error.Trim().Split('\n')[^1]}";
    }
}
