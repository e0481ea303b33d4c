using IsacTestbed.Radio;

namespace IsacTestbed.Soapy.Tests;

/// <summary>A test that needs Debian's libSoapySDR and its remote module; skipped with the reason where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SoapyFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Probed = new(Probe);

    public SoapyFactAttribute() => Skip = Missing;

    /// <summary>What is missing and how to install it; null when nothing is.</summary>
    public static string? Missing => Probed.Value;

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
