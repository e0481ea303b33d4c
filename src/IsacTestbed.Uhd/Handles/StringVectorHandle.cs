using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Uhd;

/// <summary>A list of strings (uhd_string_vector_handle).</summary>
internal sealed class StringVectorHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public StringVectorHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        nint raw = handle;
        return UhdNative.StringVectorFree(ref raw) == UhdError.None;
    }
}
