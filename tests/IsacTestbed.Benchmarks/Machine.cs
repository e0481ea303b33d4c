using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace IsacTestbed.Benchmarks;

/// <summary>The machine that a figure belongs to.</summary>
internal static class Machine
{
    /// <summary>Processor, logical processors, widest vectors, operating system and runtime, in one line.</summary>
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"machine: {ProcessorName()}, {Environment.ProcessorCount} logical processors, {Vectors()}, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription}");

    private static string Vectors() => Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "no AVX2";

    private static string ProcessorName()
    {
        const string ProcessorInformation = "/proc/cpuinfo";
        string? line = File.Exists(ProcessorInformation)
            ? File.ReadLines(ProcessorInformation).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
