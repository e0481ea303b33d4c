using System.Buffers;
using System.Globalization;
using System.Text.Json;
using IsacTestbed.Radio;
using IsacTestbed.Sidecar.Limits;

namespace IsacTestbed.Sidecar.Records;

/// <summary>Who transmitted what, when and where: one JSON object a line, appended and never changed. Thread safe.</summary>
/// <remarks>
/// A "begin" line stands in the file before the first sample of a run reaches the driver, so that a run whose sidecar was killed has a
/// beginning without an "end". One "burst" line follows for each burst that the radio reported, and one "end" line, which counts the bursts
/// that nobody reported. A "refused" line says what a limit forbade. Where the log cannot be written, nothing is transmitted.
/// Times are UTC; frequencies in hertz, powers in watts, durations in seconds; what is not known is null.
/// </remarks>
public sealed class TransmitLog : IDisposable
{
    private static readonly JsonWriterOptions OneLine = new() { Indented = false };

    private readonly Lock _lock = new();
    private readonly AppendOnlyFile _file;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _line = new();
    private long _runs;

    /// <summary>Opens or creates a log.</summary>
    /// <param name="path">The file; several sidecars may share it.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public TransmitLog(string path, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _file = new AppendOnlyFile(path);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>A radio is about to transmit.</summary>
    /// <returns>The entry's writer, for what follows.</returns>
    /// <exception cref="RadioException">The log cannot be written, so that the radio must not transmit.</exception>
    internal TransmitRecord Begin(string holder, RadioDescription radio, TransmitPlan plan)
    {
        var record = new TransmitRecord(
            this, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref _runs)}"), holder, radio, plan);
        try
        {
            record.WriteBegin();
        }
        catch (IOException exception)
        {
            throw new RadioException(
                RadioFaultCode.NotSupported, radio.RadioId, $"it may not transmit, because the transmit log cannot be written: {exception.Message}", exception);
        }

        return record;
    }

    /// <summary>A limit forbade what somebody asked for.</summary>
    internal void Refuse(string holder, string radioId, TransmitLimit limit, string problem) => Write("refused", json =>
    {
        json.WriteString("holder", holder);
        json.WriteString("radio", radioId);
        json.WriteString("limit", JsonNamingPolicy.CamelCase.ConvertName(limit.ToString()));
        json.WriteString("problem", problem);
    });

    /// <summary>Appends one line.</summary>
    /// <exception cref="IOException">The file system does not take it.</exception>
    internal void Write(string what, Action<Utf8JsonWriter> fields)
    {
        lock (_lock)
        {
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line, OneLine))
            {
                json.WriteStartObject();
                json.WriteString("time", _time.GetUtcNow().UtcDateTime);
                json.WriteString("event", what);
                fields(json);
                json.WriteEndObject();
            }

            _line.Write("\n"u8);
            _file.Write(_line.WrittenSpan);
        }
    }
}
