using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Uhd;

/// <summary>What came with received samples (uhd_rx_metadata_handle); filled anew by each read.</summary>
internal sealed class RxMetadataHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public RxMetadataHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        nint raw = handle;
        return UhdNative.RxMetadataFree(ref raw) == UhdError.None;
    }
}
