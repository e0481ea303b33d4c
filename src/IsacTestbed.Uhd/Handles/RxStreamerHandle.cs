using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Uhd;

/// <summary>A receive streamer. It keeps its device open: modules of libuhd hold a bare pointer to it.</summary>
internal sealed class RxStreamerHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private UsrpHandle? _usrp;

    public RxStreamerHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Keeps the device open until the streamer is freed.</summary>
    public void Hold(UsrpHandle usrp)
    {
        bool isHeld = false;
        usrp.DangerousAddRef(ref isHeld);
        _usrp = usrp;
    }

    protected override bool ReleaseHandle()
    {
        nint raw = handle;
        bool isFreed = UhdNative.ReceiverFree(ref raw) == UhdError.None;
        _usrp?.DangerousRelease();
        return isFreed;
    }
}
