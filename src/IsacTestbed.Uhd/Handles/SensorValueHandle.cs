using Microsoft.Win32.SafeHandles;

namespace IsacTestbed.Uhd;

/// <summary>A sensor's value (uhd_sensor_value_handle).</summary>
internal sealed class SensorValueHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public SensorValueHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        nint raw = handle;
        return UhdNative.SensorValueFree(ref raw) == UhdError.None;
    }
}
