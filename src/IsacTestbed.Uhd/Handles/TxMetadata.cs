namespace IsacTestbed.Uhd;

/// <summary>
/// What goes with samples to be sent (uhd_tx_metadata_handle); immutable. Owned by one stream and freed by it: a value, to be cheap.
/// </summary>
internal readonly struct TxMetadata : IDisposable
{
    private TxMetadata(nint handle) => Handle = handle;

    /// <summary>The native handle.</summary>
    public nint Handle { get; }

    /// <summary>Makes metadata.</summary>
    /// <param name="time">When the first sample leaves; null for behind the sample before.</param>
    /// <param name="isStart">Whether the first sample starts a burst.</param>
    /// <param name="isEnd">Whether the last sample ends one.</param>
    public static TxMetadata Make(UhdTime? time, bool isStart, bool isEnd)
    {
        UhdError error = UhdNative.TxMetadataMake(
            out nint handle, time is not null, time?.WholeSeconds ?? 0, time?.Fraction ?? 0, isStart, isEnd);
        return error == UhdError.None ? new TxMetadata(handle) : throw UhdCodes.Exception(error, "making transmit metadata", string.Empty);
    }

    /// <summary>Frees it.</summary>
    public void Dispose()
    {
        nint raw = Handle;
        if (raw != 0)
        {
            _ = UhdNative.TxMetadataFree(ref raw);
        }
    }
}
