using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Soapy;

/// <summary>One make of a device; the library counts them by their arguments, and each is unmade once.</summary>
internal sealed class SoapyDeviceHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Takes over a made device.</summary>
    public SoapyDeviceHandle(nint device)
        : base(ownsHandle: true)
    {
        SetHandle(device);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => SoapyImports.SoapySDRDevice_unmake(handle) == 0;
}
