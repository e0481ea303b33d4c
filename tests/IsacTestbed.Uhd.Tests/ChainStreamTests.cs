using IsacTestbed.Ether;
using IsacTestbed.Radio;
using IsacTestbed.Soapy.Tests;
using Xunit.Abstractions;

namespace IsacTestbed.Uhd.Tests;

/// <summary>Streams of an emulated radio through the whole chain, at the border of streaming devices.</summary>
public sealed class ChainStreamTests(ITestOutputHelper output)
{
    private const int PulseSamples = 400;

    [UhdFact]
    public async Task Burst_OfSeveralPackets_ComesBackAtItsTickAndIsAcknowledgedOnce()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Paced);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        double rate = device.SetSampleRate(ServedAir.RateHz);
        using IReceiveStream receive = device.OpenReceiveStream();
        using ITransmitStream transmit = device.OpenTransmitStream();
        using var heard = new StreamBuffer(receive.Format, 3, receive.MaxSamples);
        using var sent = new StreamBuffer(transmit.Format, 2, transmit.MaxSamples);
        output.WriteLine($"packets of {receive.MaxSamples} received, {transmit.MaxSamples} sent");
        receive.Activate();
        transmit.Activate();
        long start = device.ReadTick() + (long)(0.15 * rate);
        Send(transmit, sent, start);
        long first = Find(receive, heard, start);
        Assert.Equal(start + ServedAir.DelayTicks, first);
        TransmitEvent[] events = [.. Enumerable.Range(0, 5).Select(_ => transmit.ReadEvent(100_000))];
        output.WriteLine(string.Join("; ", events));
        TransmitEvent ended = Assert.Single(events, e => e.Kind != TransmitEventKind.None);
        Assert.Equal(new TransmitEvent(TransmitEventKind.BurstEnded, start + PulseSamples), ended);
        receive.Deactivate();
        transmit.Deactivate();
    }

    [UhdFact]
    public async Task Burst_InThePast_IsLate()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Paced);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        device.SetSampleRate(ServedAir.RateHz);
        using ITransmitStream transmit = device.OpenTransmitStream();
        using var sent = new StreamBuffer(transmit.Format, 2, transmit.MaxSamples);
        transmit.Activate();
        long past = device.ReadTick() - 1000;
        Send(transmit, sent, past);
        TransmitEvent told = default;
        for (int i = 0; i < 50 && told.Kind == TransmitEventKind.None; i++)
        {
            told = transmit.ReadEvent(100_000);
        }

        Assert.Equal(new TransmitEvent(TransmitEventKind.Late, past), told);
    }

    [UhdFact]
    public async Task Burst_WithoutAnEnd_RunsDry()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Paced);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        double rate = device.SetSampleRate(ServedAir.RateHz);
        using ITransmitStream transmit = device.OpenTransmitStream();
        using var sent = new StreamBuffer(transmit.Format, 2, transmit.MaxSamples);
        transmit.Activate();
        long start = device.ReadTick() + (long)(0.15 * rate);
        TransmitResult result = transmit.Write(sent, 0, transmit.MaxSamples, start, endOfBurst: false, 100_000);
        Assert.Equal(new TransmitResult(TransmitStatus.Accepted, transmit.MaxSamples), result);
        TransmitEvent told = default;
        for (int i = 0; i < 50 && told.Kind == TransmitEventKind.None; i++)
        {
            told = transmit.ReadEvent(100_000);
        }

        Assert.Equal(new TransmitEvent(TransmitEventKind.Underflow, start + transmit.MaxSamples), told);
    }

    [UhdFact]
    public async Task Deactivate_BeforeABurstsTime_KeepsItFromLeaving()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Paced);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        double rate = device.SetSampleRate(ServedAir.RateHz);
        using IReceiveStream receive = device.OpenReceiveStream();
        using ITransmitStream transmit = device.OpenTransmitStream();
        using var heard = new StreamBuffer(receive.Format, 3, receive.MaxSamples);
        using var sent = new StreamBuffer(transmit.Format, 2, transmit.MaxSamples);
        receive.Activate();
        transmit.Activate();
        long start = device.ReadTick() + (long)(0.5 * rate);
        Send(transmit, sent, start);
        transmit.Deactivate();
        transmit.Deactivate();
        Assert.Equal(TransmitStatus.TimedOut, transmit.Write(sent, 0, 1, start, endOfBurst: true, 1000).Status);

        // Activated again it sends again: only the second burst is heard.
        transmit.Activate();
        long second = start + 10_000;
        Send(transmit, sent, second);
        Assert.Equal(second + ServedAir.DelayTicks, Find(receive, heard, start));
    }

    [UhdFact]
    public async Task Receive_StartedOverSeveralChannels_IsContinuousAndAlignedInTime()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        device.SetSampleRate(ServedAir.RateHz);
        using IReceiveStream receive = device.OpenReceiveStream();
        using var heard = new StreamBuffer(receive.Format, 3, receive.MaxSamples);
        long before = device.ReadTick();
        for (int round = 0; round < 3; round++)
        {
            receive.Activate();
            long? next = null;
            for (int i = 0; i < 200; i++)
            {
                ReceiveResult result = receive.Read(heard, 1_000_000);
                Assert.Equal(ReceiveStatus.Samples, result.Status);
                Assert.True(next is null ? result.FirstTick > before : result.FirstTick == next, $"{result} instead of {next}");
                next = result.FirstTick + result.SampleCount;
            }

            before = next!.Value;
            receive.Deactivate();
            receive.Deactivate();
            Assert.Equal(ReceiveStatus.TimedOut, receive.Read(heard, 1000).Status);
        }
    }

    [UhdFact]
    public async Task Receive_StartThatCameTooLate_IsMadeAgain()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Paced);
        using var device = UhdDevice.Open(UhdChain.Options(served) with { StartLeadSeconds = 1e-6 });
        device.SetSampleRate(ServedAir.RateHz);
        using IReceiveStream receive = device.OpenReceiveStream();
        using var heard = new StreamBuffer(receive.Format, 3, receive.MaxSamples);
        receive.Activate();
        List<ReceiveStatus> seen = [];
        while (seen.Count < 100 && !seen.Contains(ReceiveStatus.Samples))
        {
            seen.Add(receive.Read(heard, 1_000_000).Status);
        }

        Assert.Equal(ReceiveStatus.TimedOut, seen[0]);
        Assert.Equal(ReceiveStatus.Samples, seen[^1]);
    }

    [UhdFact]
    public async Task Receive_SamplesLostInTheRadio_AreAStatusAndAJumpOfTheTick()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        device.SetSampleRate(ServedAir.RateHz);
        using IReceiveStream receive = device.OpenReceiveStream();
        using var heard = new StreamBuffer(receive.Format, 3, receive.MaxSamples);
        long lost = device.ReadTick() + 200_000;
        await served.Air.Radios[0].InjectAsync(new InjectedFault(InjectedFaultKind.Overflow, lost, 5000), CancellationToken.None);
        receive.Activate();
        int overflows = 0;
        long next = 0;
        List<(long From, long To)> jumps = [];
        while (next < lost + 10_000)
        {
            ReceiveResult result = receive.Read(heard, 1_000_000);
            overflows += result.Status == ReceiveStatus.Overflow ? 1 : 0;
            Assert.True(result.Status is ReceiveStatus.Samples or ReceiveStatus.Overflow, $"{result} at {next}");
            if (result.FirstTick is { } tick)
            {
                if (next != 0 && tick != next)
                {
                    jumps.Add((next, tick));
                }

                next = tick + result.SampleCount;
            }
        }

        Assert.Equal(1, overflows);
        Assert.Equal((lost, lost + 5000), Assert.Single(jumps));
    }

    [UhdFact]
    public async Task Burst_CutInTheRadio_RanDryAndDidNotEnd()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Paced);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        double rate = device.SetSampleRate(ServedAir.RateHz);
        using ITransmitStream transmit = device.OpenTransmitStream();
        using var sent = new StreamBuffer(transmit.Format, 2, transmit.MaxSamples);
        transmit.Activate();
        long start = device.ReadTick() + (long)(0.3 * rate);
        await served.Air.Radios[0].InjectAsync(new InjectedFault(InjectedFaultKind.Underflow, start + 123, 1), CancellationToken.None);
        Send(transmit, sent, start);
        TransmitEvent told = default;
        for (int i = 0; i < 50 && told.Kind == TransmitEventKind.None; i++)
        {
            told = transmit.ReadEvent(100_000);
        }

        Assert.Equal(new TransmitEvent(TransmitEventKind.Underflow, start + 123), told);
    }

    [UhdFact]
    public async Task Reference_LostInTheRadio_IsSeen()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Paced);
        using var device = UhdDevice.Open(UhdChain.Options(served));
        device.SetSampleRate(ServedAir.RateHz);
        Assert.True(device.ReadReferenceLock());
        await served.Air.Radios[0].InjectAsync(
            new InjectedFault(InjectedFaultKind.LostReference, device.ReadTick(), (long)(1000 * ServedAir.RateHz)), CancellationToken.None);
        Assert.False(device.ReadReferenceLock());
        Assert.Contains(device.ReadSensors(), s => s.Name == "ref_locked" && s.Value == "false");
    }

    [UhdFact]
    public async Task Buffer_OfAnotherShape_IsRefused()
    {
        await using ServedAir served = ServedAir.Start(AirClockMode.Virtual);
        using var device = UhdDevice.Open(UhdChain.Options(served) with { RxChannels = [2, 0] });
        Assert.Equal(2, device.Description.RxChannels);
        using IReceiveStream receive = device.OpenReceiveStream();
        using var three = new StreamBuffer(receive.Format, 3, 16);
        using var integers = new StreamBuffer(SampleFormat.ComplexInt16, 2, 16);
        Assert.Throws<ArgumentException>(() => receive.Read(three, 0));
        Assert.Throws<ArgumentException>(() => receive.Read(integers, 0));
    }

    /// <summary>Sends a rectangular pulse of full scale on channel 0.</summary>
    private static void Send(ITransmitStream transmit, StreamBuffer buffer, long start)
    {
        buffer.Floats(0).Clear();
        for (int i = 0; i < buffer.Capacity; i++)
        {
            buffer.Floats(0)[2 * i] = 1;
        }

        for (int done = 0; done < PulseSamples;)
        {
            int count = Math.Min(PulseSamples - done, transmit.MaxSamples);
            TransmitResult result = transmit.Write(buffer, 0, count, done == 0 ? start : null, done + count == PulseSamples, 1_000_000);
            Assert.Equal(new TransmitResult(TransmitStatus.Accepted, count), result);
            done += count;
        }
    }

    /// <summary>The tick of the first sample from a given one on that stands a hundredfold over the noise.</summary>
    private static long Find(IReceiveStream receive, StreamBuffer buffer, long from)
    {
        float threshold = (float)(Math.Sqrt(ServedAir.LeakageGain) / 2);
        for (int i = 0; i < 100_000; i++)
        {
            ReceiveResult result = receive.Read(buffer, 1_000_000);
            if (result.Status != ReceiveStatus.Samples)
            {
                continue;
            }

            Span<float> samples = buffer.Floats(0);
            for (int s = 0; s < result.SampleCount; s++)
            {
                if (result.FirstTick + s >= from && samples[2 * s] > threshold)
                {
                    return result.FirstTick!.Value + s;
                }
            }

            Assert.True(result.FirstTick < from + (long)ServedAir.RateHz, "no pulse within a second");
        }

        throw new InvalidOperationException("The stream never came to the pulse.");
    }
}
