using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Uhd;

/// <summary>The identification memory of a board (uhd_mboard_eeprom_handle).</summary>
internal sealed class BoardEepromHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public BoardEepromHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        nint raw = handle;
        return UhdNative.BoardEepromFree(ref raw) == UhdError.None;
    }
}
