using System.Diagnostics;
using System.Globalization;

namespace IsacTestbed.Benchmarks.Rpc;

/// <summary>The sidecar of the stream bench, in a process of its own as in the product.</summary>
internal sealed class StreamServer : IDisposable
{
    private readonly Process _process;

    private StreamServer(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts this program once more, with another verb.</summary>
    public static StreamServer Start(string verb)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("This program does not know its own path.");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(StreamServer).Assembly.Location);
        }

        start.ArgumentList.Add(verb);
        Process process = Process.Start(start)!;
        string? address = process.StandardOutput.ReadLine();
        if (address is null)
        {
            process.Dispose();
            throw new InvalidOperationException("The server's process ended before it listened.");
        }

        return new StreamServer(process, new Uri(address));
    }

    /// <summary>What its process has used so far.</summary>
    public Usage Measure()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
        return Usage.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server's process ended."));
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Processor seconds and allocated bytes of a process.</summary>
    public readonly record struct Usage(double UserSeconds, double KernelSeconds, double AllocatedBytes)
    {
        /// <summary>That of this process.</summary>
        public static Usage Own()
        {
            Environment.ProcessCpuUsage usage = Environment.CpuUsage;
            return new Usage(usage.UserTime.TotalSeconds, usage.PrivilegedTime.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true));
        }

        /// <summary>Reads what <see cref="ToLine"/> wrote.</summary>
        public static Usage Parse(string line)
        {
            double[] figures = Array.ConvertAll(line.Split(' '), word => double.Parse(word, CultureInfo.InvariantCulture));
            return new Usage(figures[0], figures[1], figures[2]);
        }

        /// <summary>One line that <see cref="Parse"/> reads.</summary>
        public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{UserSeconds:R} {KernelSeconds:R} {AllocatedBytes:R}");

        /// <summary>What was used since.</summary>
        public Usage Since(Usage before) =>
            new(UserSeconds - before.UserSeconds, KernelSeconds - before.KernelSeconds, AllocatedBytes - before.AllocatedBytes);
    }
}
