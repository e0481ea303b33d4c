using IsacTestbed.Radio;

namespace IsacTestbed.Soapy.Tests;

/// <summary>A test that needs Debian's libSoapySDR and its remote module; skipped with the reason where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SoapyFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(Probe);

    public SoapyFactAttribute() => Skip = Missing.Value;

    private static string? Probe()
    {
        try
        {
            SoapyLibrary.Require();
        }
        catch (StreamingDeviceException exception)
        {
            return exception.Message;
        }

        return NativeIsolation.RemoteModulePath is null ? "The module of SoapyRemote is missing; on Debian: apt install soapysdr-module-remote." : null;
    }
}
