using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Uhd;

/// <summary>A choice of front ends (uhd_subdev_spec_handle).</summary>
internal sealed class SubdevSpecHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public SubdevSpecHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        nint raw = handle;
        return UhdNative.SubdevSpecFree(ref raw) == UhdError.None;
    }
}
