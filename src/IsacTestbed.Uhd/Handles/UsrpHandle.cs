using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Uhd;

/// <summary>A device (uhd_usrp_handle). Closed when it and all its streamers are freed.</summary>
internal sealed class UsrpHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public UsrpHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        nint raw = handle;
        using (UhdRegistry.Change())
        {
            return UhdNative.UsrpFree(ref raw) == UhdError.None;
        }
    }
}
