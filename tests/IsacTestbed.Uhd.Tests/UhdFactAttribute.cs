using IsacTestbed.Radio;
using IsacTestbed.Soapy.Tests;

namespace IsacTestbed.Uhd.Tests;

/// <summary>A test that needs Debian's libuhd and the modules behind it; skipped with the reason where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UhdFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Probed = new(Probe);

    public UhdFactAttribute() => Skip = Missing;

    /// <summary>What is missing and how to install it; null when nothing is.</summary>
    public static string? Missing => Probed.Value;

    private static string? Probe()
    {
        try
        {
            UhdLibrary.Require();
        }
        catch (StreamingDeviceException exception)
        {
            return exception.Message;
        }

        return UhdIsolation.SoapyModulePath is null ? "The module uhd-soapysdr is missing; on Debian: apt install uhd-soapysdr."
            : NativeIsolation.RemoteModulePath is null ? "SoapyRemote's module is missing; on Debian: apt install soapysdr-module-remote."
            : null;
    }
}
