using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Soapy;

/// <summary>An open stream. It keeps its device made until it is closed.</summary>
internal sealed class SoapyStreamHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly SoapyDeviceHandle _device;

    /// <summary>Takes over a stream of a device.</summary>
    public SoapyStreamHandle(SoapyDeviceHandle device, nint stream)
        : base(ownsHandle: true)
    {
        bool isHeld = false;
        device.DangerousAddRef(ref isHeld);
        _device = device;
        SetHandle(stream);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        int result = SoapyImports.SoapySDRDevice_closeStream(_device.DangerousGetHandle(), handle);
        _device.DangerousRelease();
        return result == 0;
    }
}
