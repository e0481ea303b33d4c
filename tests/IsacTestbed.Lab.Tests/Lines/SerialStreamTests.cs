using System.Diagnostics;
using System.Text;
using IsacTestbed.Lab.Lines;

namespace IsacTestbed.Lab.Tests.Lines;

/// <summary>Against pseudo-terminals of this kernel: the path of a real line, without its frames.</summary>
public sealed class SerialStreamTests
{
    private static readonly LineSettings Settings = new(115200);
    private static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>Raw means all 256 values, both ways: no echo, no line editing, no XON or XOFF, nothing turned into a line end.</summary>
    [Fact]
    public async Task Line_CarriesEveryByte_BothWays()
    {
        await using PseudoTerminal far = PseudoTerminal.Create();
        await using SerialStream line = SerialStream.Open(far.Name, Settings);
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await line.WriteAsync(all, Never);
        Assert.Equal(all, await ReadAsync(far.ReceiveAsync, all.Length));
        await far.SendAsync(all, Never);
        Assert.Equal(all, await ReadAsync((b, c) => line.ReadAsync(b, c), all.Length));
    }

    /// <summary>More than the kernel holds in between: the writer waits for the reader and no byte is lost.</summary>
    [Fact]
    public async Task Line_MoreThanTheBufferHolds_ArrivesWhole()
    {
        await using PseudoTerminal far = PseudoTerminal.Create();
        await using SerialStream line = SerialStream.Open(far.Name, Settings);
        byte[] much = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i % 251))];
        Task writing = line.WriteAsync(much, Never).AsTask();
        Assert.Equal(much, await ReadAsync(far.ReceiveAsync, much.Length));
        await writing;
    }

    [Fact]
    public async Task Read_Cancelled_SurfacesTheTokenAndLosesNothing()
    {
        await using PseudoTerminal far = PseudoTerminal.Create();
        await using SerialStream line = SerialStream.Open(far.Name, Settings);
        using var cancel = new CancellationTokenSource();
        Task<int> reading = line.ReadAsync(new byte[8], cancel.Token).AsTask();
        Assert.False(reading.IsCompleted);
        await cancel.CancelAsync();
        Assert.Equal(cancel.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading)).CancellationToken);
        await far.SendAsync("still here"u8.ToArray(), Never);
        Assert.Equal("still here", Encoding.ASCII.GetString(await ReadAsync((b, c) => line.ReadAsync(b, c), 10)));
    }

    [Fact]
    public async Task Line_Unplugged_EndsReadsAndWrites()
    {
        PseudoTerminal far = PseudoTerminal.Create();
        await using SerialStream line = SerialStream.Open(far.Name, Settings);
        Task<int> reading = line.ReadAsync(new byte[8], Never).AsTask();
        await far.DisposeAsync();
        SerialLineException problem = await Assert.ThrowsAsync<SerialLineException>(() => reading);
        Assert.Equal((SerialLineFault.Unplugged, far.Name), (problem.Fault, problem.Path));
        Assert.Equal(SerialLineFault.Unplugged, (await Assert.ThrowsAsync<SerialLineException>(() => line.WriteAsync("x"u8.ToArray(), Never).AsTask())).Fault);
    }

    [Fact]
    public async Task Line_OpenedTwice_IsBusyUntilClosed()
    {
        await using PseudoTerminal far = PseudoTerminal.Create();
        SerialStream line = SerialStream.Open(far.Name, Settings);
        Assert.Equal(SerialLineFault.Busy, Assert.Throws<SerialLineException>(() => SerialStream.Open(far.Name, Settings)).Fault);
        await line.DisposeAsync();
        await SerialStream.Open(far.Name, Settings).DisposeAsync();
    }

    /// <summary>Another program's view of the line, before, during and after; during only for a privileged one, all others are locked out.</summary>
    [PrivilegedFact]
    public async Task Close_RestoresTheSettings()
    {
        await using PseudoTerminal far = PseudoTerminal.Create();
        await SttyAsync(far.Name, "1200", "sane");
        string before = await SttyAsync(far.Name, "-g");
        await using (SerialStream.Open(far.Name, new LineSettings(57600)))
        {
            Assert.Contains("speed 57600 baud", await SttyAsync(far.Name, "-a"), StringComparison.Ordinal);
            Assert.Contains("-echo ", await SttyAsync(far.Name, "-a"), StringComparison.Ordinal);
        }

        Assert.Equal(before, await SttyAsync(far.Name, "-g"));
    }

    [Theory]
    [InlineData("/dev/ttyUSB-not-there", SerialLineFault.NotFound, "no such device")]
    [InlineData("/dev/null", SerialLineFault.NotATerminal, "not a terminal")]
    [InlineData("/dev/null/x", SerialLineFault.NotFound, "no such device")]
    public void Open_WhatIsNoLine_SaysSo(string path, SerialLineFault fault, string message)
    {
        SerialLineException problem = Assert.Throws<SerialLineException>(() => SerialStream.Open(path, Settings));
        Assert.Equal((fault, path), (problem.Fault, problem.Path));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12345, 8, 1)]
    [InlineData(9600, 9, 1)]
    [InlineData(9600, 8, 3)]
    public async Task Open_SettingsWithoutMeaning_AreRefusedAndTheLineIsFree(int baudRate, int dataBits, int stopBits)
    {
        await using PseudoTerminal far = PseudoTerminal.Create();
        Assert.Throws<ArgumentException>(() => SerialStream.Open(far.Name, new LineSettings(baudRate, dataBits, StopBits: stopBits)));
        await SerialStream.Open(far.Name, Settings).DisposeAsync();
    }

    [Fact]
    public void Open_WithoutPermission_NamesTheGroup()
    {
        // Nobody is kept out of a file who runs the tests as root: the message is asked for by itself.
        SerialLineException problem = SerialLineProblem.OfOpening("/dev/tty0-or-any", 13);
        Assert.Equal(SerialLineFault.NoPermission, problem.Fault);
        Assert.Contains("usermod -a -G dialout", problem.Message, StringComparison.Ordinal);
        Assert.Contains("belongs to group root", SerialLineProblem.OfOpening("/dev/null", 13).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_WhileReading_EndsTheRead()
    {
        await using PseudoTerminal far = PseudoTerminal.Create();
        SerialStream line = SerialStream.Open(far.Name, Settings);
        Task<int> reading = line.ReadAsync(new byte[8], Never).AsTask();
        await line.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading);
    }

    private static async Task<byte[]> ReadAsync(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, int count)
    {
        byte[] buffer = new byte[count];
        for (int filled = 0; filled < count;)
        {
            filled += await read(buffer.AsMemory(filled), Never);
        }

        return buffer;
    }

    private static async Task<string> SttyAsync(string path, params string[] arguments)
    {
        using Process stty = Process.Start(new ProcessStartInfo("stty", ["-F", path, .. arguments]) { RedirectStandardOutput = true })!;
        string output = await stty.StandardOutput.ReadToEndAsync();
        await stty.WaitForExitAsync();
        Assert.Equal(0, stty.ExitCode);
        return output;
    }
}
