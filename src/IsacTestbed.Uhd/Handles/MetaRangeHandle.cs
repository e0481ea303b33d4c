using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Uhd;

/// <summary>A list of ranges (uhd_meta_range_handle).</summary>
internal sealed class MetaRangeHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public MetaRangeHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        nint raw = handle;
        return UhdNative.MetaRangeFree(ref raw) == UhdError.None;
    }
}
