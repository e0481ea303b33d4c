using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Uhd;

/// <summary>An event of a transmission (uhd_async_metadata_handle); filled anew by each read.</summary>
internal sealed class AsyncMetadataHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public AsyncMetadataHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        nint raw = handle;
        return UhdNative.AsyncMetadataFree(ref raw) == UhdError.None;
    }
}
