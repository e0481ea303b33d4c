using System.Buffers.Binary;
using IsacTestbed.Ether.SoapyRemote;

namespace IsacTestbed.SoapyRemote.Tests;

/// <summary>The server against clients that err, lie or attack: one connection ends with a log line, the server goes on.</summary>
public sealed class ProtocolTests
{
    /// <summary>Messages that are not the protocol, by what is wrong with them.</summary>
    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "first word", Patched(0, 0x48545450) },
        { "claims", Patched(8, 0xFFFFFFFF) },
        { "claims", Patched(8, 0x7FFFFFFF) },
        { "claims", Patched(8, 16) },
        { "claims", Patched(8, 0) },
        { "last word", Patched(Valid().Length - 4, 0) },
        { "stands where Call is due", Framed(6, 2, 0, 0, 0, 0) },
        { "stands where Int32 is due", Framed(15, 9) },
        { "ends within a value", Framed(15, 2, 0, 0) },
        { "a list or text claims", Framed([15, 2, 0, 0, 0, 1, 11, 2, 0x7F, 0xFF, 0xFF, 0xFF]) },
        { "a list or text claims", Framed([15, 2, 0, 0, 0, 1, 11, 2, 0xFF, 0xFF, 0xFF, 0xFF]) },
        { "a list or text claims", Framed([15, 2, 0, 0, 0, 1, 11, 2, 0, 0, 0, 1, 6, 2, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0]) },
        { "within the header", Valid()[..7] },
        { "within a message", Valid()[..^3] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task MalformedMessage_FromAClient_EndsItsConnectionOnly(string problem, byte[] message)
    {
        await using var fixture = new ServerFixture();
        using RawClient bystander = fixture.Connect();
        bystander.Make("a");
        using RawClient attacker = fixture.Connect();
        attacker.Send(message);
        attacker.EndSending();
        Assert.True(attacker.IsClosedByServer());
        await ServerFixture.UntilAsync(() => fixture.Log.Any(l => l.Contains("broke the protocol", StringComparison.Ordinal)), "a log line");
        Assert.Contains(fixture.Log, line => line.Contains(problem, StringComparison.Ordinal));
        Assert.Equal("isac", bystander.Call(RemoteCall.GetDriverKey).ReadString());
    }

    [Fact]
    public async Task UnknownCall_IsAnsweredWithAnError_AndTheConnectionGoesOn()
    {
        await using var fixture = new ServerFixture();
        using RawClient client = fixture.Connect();
        client.Make("a");
        Assert.Contains("call 9999", Assert.Throws<InvalidOperationException>(() => client.Call((RemoteCall)9999)).Message, StringComparison.Ordinal);
        Assert.Equal("emulated", client.Call(RemoteCall.GetHardwareKey).ReadString());
    }

    [Fact]
    public async Task Call_BeforeADeviceIsOpen_IsRefused()
    {
        await using var fixture = new ServerFixture();
        using RawClient client = fixture.Connect();
        Assert.Contains("no device is open", Assert.Throws<InvalidOperationException>(() => client.Call(RemoteCall.GetHardwareInfo)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Make_OfAnUnknownLabel_NamesTheLabelsThereAre()
    {
        await using var fixture = new ServerFixture();
        using RawClient client = fixture.Connect();
        Assert.Contains("labels a, b", Assert.Throws<InvalidOperationException>(() => client.Make("c")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 0, "channel 2")]
    [InlineData(-1, 1, "channel -1")]
    [InlineData(0, 7, "direction 7")]
    public async Task Call_OnAChannelThatIsNot_IsRefused(int channel, byte direction, string problem)
    {
        await using var fixture = new ServerFixture();
        using RawClient client = fixture.Connect();
        client.Make("a");
        var error = Assert.Throws<InvalidOperationException>(() => client.Call(RemoteCall.ListAntennas, m =>
        {
            m.WriteChar(direction);
            m.Write(channel);
        }));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_WithAnAbsurdTransferUnit_IsRefused()
    {
        await using var fixture = new ServerFixture();
        using RawClient client = fixture.Connect();
        client.Make("a");
        var error = Assert.Throws<InvalidOperationException>(() => client.SetupStream(Direction.Receive, int.MaxValue));
        Assert.Contains("remote:mtu", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => client.SetupStream(Direction.Receive, 60));
    }

    [Theory]
    [InlineData(24, -1)]
    [InlineData(4096, 100)]
    [InlineData(uint.MaxValue, 503)]
    [InlineData(24, int.MaxValue)]
    [InlineData(0, 0)]
    public async Task MalformedPacket_OnAStream_EndsTheConnection(uint bytes, int elements)
    {
        await using var fixture = new ServerFixture();
        using RawClient client = fixture.Connect();
        client.Make("a");
        (int stream, System.Net.Sockets.Socket data, System.Net.Sockets.Socket status) = client.SetupStream(Direction.Transmit);
        client.Activate(stream);
        byte[] packet = new byte[StreamHeader.Size];
        new StreamHeader(bytes, 0, elements, StreamFlags.None, 0).Write(packet);
        data.Send(packet);
        Assert.True(client.IsClosedByServer());
        await ServerFixture.UntilAsync(() => fixture.Log.Any(l => l.Contains("on a stream", StringComparison.Ordinal)), "a log line");
        using RawClient next = fixture.Connect();
        next.Make("a");
        data.Dispose();
        status.Dispose();
    }

    [Fact]
    public async Task Client_ThatVanishesInABurst_LeavesASilentRadio()
    {
        await using var fixture = new ServerFixture();
        RawClient client = fixture.Connect();
        client.Make("a");
        (int stream, System.Net.Sockets.Socket data, System.Net.Sockets.Socket status) = client.SetupStream(Direction.Transmit);
        client.Activate(stream);
        const int Elements = 400;
        byte[] packet = new byte[StreamHeader.Size + (8 * Elements)];
        new StreamHeader((uint)packet.Length, 0, Elements, StreamFlags.HasTime, 1_000_000_000).Write(packet);
        data.Send(packet);
        await ServerFixture.UntilAsync(() => fixture.Air.Bursts.All.Count == 1, "a burst on the air");
        client.Dispose();
        data.Dispose();
        status.Dispose();

        // It was to start at one second, where time has not come: nothing of it is left.
        await ServerFixture.UntilAsync(() => fixture.Air.Bursts.All.All(b => b.CutTick <= b.Burst.StartTick), "silence");
        using RawClient next = fixture.Connect();
        next.Make("a");
        next.SetupStream(Direction.Transmit);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-3.25)]
    [InlineData(1e-300)]
    [InlineData(2.4e9)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    [InlineData(0.1)]
    public void Double_OnTheWire_SurvivesTheWayThereAndBack(double value)
    {
        var writer = new MessageWriter(MessageFrame.Version);
        writer.Write(value);
        ReadOnlyMemory<byte> bytes = writer.Finish();
        var reader = new MessageReader(MessageFrame.CheckTrailer(bytes[MessageFrame.HeaderBytes..]), MessageFrame.Version);
        Assert.Equal(value, reader.ReadFloat64());
        Assert.True(reader.IsAtEnd);
    }

    [Theory]
    [InlineData(25e6)]
    [InlineData(30.72e6)]
    [InlineData(245.76e6)]
    [InlineData(1e6 / 3)]
    public void Tick_AsNanoseconds_SurvivesTheWayThereAndBack(double rate)
    {
        for (ulong i = 0; i < 2000; i++)
        {
            // Up to 2^44 ticks: days at any rate.
            long tick = (long)(new Core.CounterRandom(1, Core.RandomPurpose.Test).UInt64At(i) >> 20);
            Assert.Equal(tick, SoapyTime.ToTicks(SoapyTime.ToNanoseconds(tick, rate), rate));
        }
    }

    private static byte[] Valid()
    {
        var writer = new MessageWriter(MessageFrame.Version);
        writer.WriteCall(RemoteCall.GetServerId);
        return writer.Finish().ToArray();
    }

    private static byte[] Patched(int offset, uint word)
    {
        byte[] message = Valid();
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(offset), word);
        return message;
    }

    private static byte[] Framed(params byte[] payload)
    {
        byte[] message = new byte[MessageFrame.HeaderBytes + payload.Length + MessageFrame.TrailerBytes];
        payload.CopyTo(message.AsSpan(MessageFrame.HeaderBytes));
        MessageFrame.Write(message);
        return message;
    }
}
