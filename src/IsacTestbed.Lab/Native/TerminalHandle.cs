using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Lab.Native;

/// <summary>An open terminal; when it is released, the settings that it had before and its place among other users are restored.</summary>
internal sealed class TerminalHandle : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes over a descriptor.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="original">Settings to restore; null when none were changed.</param>
    public TerminalHandle(int descriptor, Termios? original)
        : base(ownsHandle: true)
    {
        SetHandle(descriptor);
        Original = original;
    }

    /// <summary>The settings that are restored; null when none were changed.</summary>
    public Termios? Original { get; }

    protected override bool ReleaseHandle()
    {
        if (Original is { } original)
        {
            // On a device that was unplugged both fail, and there is nothing left to restore.
            _ = LibC.SetAttributes(handle, Termios.Now, original);
            _ = LibC.Control(handle, LibC.ClearExclusive);
        }

        return LibC.Close(handle) == 0;
    }
}
