using System.Diagnostics;
using System.Globalization;
using IsacTestbed.Radio;
using IsacTestbed.Soapy;

namespace IsacTestbed.Benchmarks.Soapy;

/// <summary>What went through a device both ways at once.</summary>
/// <param name="Received">Samples received.</param>
/// <param name="Lost">Samples missing between the first and the last one, by their times.</param>
/// <param name="Overflows">Overflows that were told.</param>
/// <param name="Sent">Samples taken by the device.</param>
/// <param name="Underflows">Underflows that were told.</param>
/// <param name="Late">Late samples that were told.</param>
/// <param name="AllocatedBytes">Managed memory that the threads of both streams allocated.</param>
internal sealed record DuplexTraffic(long Received, long Lost, int Overflows, long Sent, int Underflows, int Late, long AllocatedBytes);

/// <summary>Streams of one device through the binding, one thread each.</summary>
internal static class SoapyTraffic
{
    private const int WaitMicroseconds = 200_000;

    // The remote module's packets are of 4 KiB unless asked otherwise, a system call each.
    private static readonly Dictionary<string, string> LargePackets = new() { ["remote:mtu"] = "65536" };

    /// <summary>Receives for a while, without looking at the samples.</summary>
    /// <returns>Samples per second.</returns>
    public static double Receive(string arguments, TimeSpan duration)
    {
        using SoapyDevice device = SoapyDevice.Make(SoapySdr.ParseArguments(arguments));
        using SoapyStream stream = device.OpenStream(StreamDirection.Receive, SampleFormat.ComplexFloat32, [0], new Dictionary<string, string>());
        using var buffer = new StreamBuffer(SampleFormat.ComplexFloat32, 1, stream.TransmissionUnit);
        stream.Activate();
        stream.Read(buffer, WaitMicroseconds);
        long start = Stopwatch.GetTimestamp(), samples = 0;
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            samples += stream.Read(buffer, WaitMicroseconds).SampleCount;
        }

        double rate = samples / Stopwatch.GetElapsedTime(start).TotalSeconds;
        stream.Deactivate();
        return rate;
    }

    /// <summary>Sends and receives in real time.</summary>
    /// <param name="arguments">What opens the device.</param>
    /// <param name="rateHz">Its sample rate.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="memoryEvery">Prints the process's memory so often; null for never.</param>
    /// <param name="output">Where to.</param>
    public static DuplexTraffic Duplex(string arguments, double rateHz, TimeSpan duration, TimeSpan? memoryEvery, TextWriter output)
    {
        using SoapyDevice device = SoapyDevice.Make(SoapySdr.ParseArguments(arguments));
        using SoapyStream receive = device.OpenStream(StreamDirection.Receive, SampleFormat.ComplexFloat32, [0], LargePackets);
        using SoapyStream transmit = device.OpenStream(StreamDirection.Transmit, SampleFormat.ComplexFloat32, [0], LargePackets);
        using var over = new CancellationTokenSource();
        var receiver = new Receiver(receive, rateHz);
        var sender = new Sender(transmit, (long)(duration.TotalSeconds * rateHz));
        receive.Activate();
        transmit.Activate();
        Thread[] threads = [new(() => receiver.Run(over.Token)), new(sender.Run), new(() => sender.Listen(over.Token))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        Watch(duration, memoryEvery, output);
        over.Cancel();
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        receive.Deactivate();
        transmit.Deactivate();
        return new DuplexTraffic(
            receiver.Samples, receiver.Lost, receiver.Overflows, sender.Samples, sender.Underflows, sender.Late, receiver.AllocatedBytes + sender.AllocatedBytes);
    }

    private static void Watch(TimeSpan duration, TimeSpan? memoryEvery, TextWriter output)
    {
        long start = Stopwatch.GetTimestamp();
        using var never = new ManualResetEvent(false);
        if (memoryEvery is { } step)
        {
            output.WriteLine("seconds,residentMiB,managedMiB");
            for (TimeSpan at = TimeSpan.Zero; at < duration; at += step)
            {
                TimeSpan wait = at - Stopwatch.GetElapsedTime(start);
                never.WaitOne(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
                const double Mebibyte = 1 << 20;
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{at.TotalSeconds:0},{Environment.WorkingSet / Mebibyte:0.0},{GC.GetTotalMemory(false) / Mebibyte:0.00}"));
            }
        }

        TimeSpan left = duration - Stopwatch.GetElapsedTime(start);
        never.WaitOne(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    /// <summary>Reads and counts.</summary>
    private sealed class Receiver(SoapyStream stream, double rateHz)
    {
        public long Samples { get; private set; }

        public long Lost { get; private set; }

        public int Overflows { get; private set; }

        public long AllocatedBytes { get; private set; }

        public void Run(CancellationToken over)
        {
            using var buffer = new StreamBuffer(SampleFormat.ComplexFloat32, 1, stream.TransmissionUnit);
            long expected = -1, before = -1;
            while (!over.IsCancellationRequested)
            {
                SoapyStreamResult result = stream.Read(buffer, WaitMicroseconds);
                before = before < 0 ? GC.GetAllocatedBytesForCurrentThread() : before;
                Overflows += result.Code == SoapyStreamCode.Overflow ? 1 : 0;
                if (result.SampleCount == 0)
                {
                    continue;
                }

                long tick = (long)Math.Round(result.TimeNanoseconds * 1e-9 * rateHz);
                Lost += expected < 0 ? 0 : tick - expected;
                expected = tick + result.SampleCount;
                Samples += result.SampleCount;
            }

            AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>Writes one endless burst, and listens to what the device says of it.</summary>
    private sealed class Sender(SoapyStream stream, long samples)
    {
        private int _underflows;
        private int _late;

        public long Samples { get; private set; }

        public int Underflows => _underflows;

        public int Late => _late;

        public long AllocatedBytes { get; private set; }

        public void Run()
        {
            using var buffer = new StreamBuffer(SampleFormat.ComplexFloat32, 1, stream.TransmissionUnit);
            long before = -1;
            while (Samples < samples)
            {
                // The device takes no more than its buffer: the writer is held to real time by it.
                int count = (int)Math.Min(buffer.Capacity, samples - Samples);
                SoapyStreamFlags flags = Samples + count == samples ? SoapyStreamFlags.EndBurst : SoapyStreamFlags.None;
                SoapyStreamResult result = stream.Write(buffer, 0, count, flags, 0, WaitMicroseconds);
                before = before < 0 ? GC.GetAllocatedBytesForCurrentThread() : before;
                if (result.Code is not (SoapyStreamCode.None or SoapyStreamCode.Timeout))
                {
                    throw new InvalidOperationException($"The transmit stream failed: {result.Code}.");
                }

                Samples += result.SampleCount;
            }

            AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        public void Listen(CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                SoapyStreamResult told = stream.ReadStatus(WaitMicroseconds);
                _underflows += told.Code == SoapyStreamCode.Underflow ? 1 : 0;
                _late += told.Code == SoapyStreamCode.TimeError ? 1 : 0;
            }
        }
    }
}
