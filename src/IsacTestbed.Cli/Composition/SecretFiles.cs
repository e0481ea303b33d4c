using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IsacTestbed.Core;
using IsacTestbed.Rpc;

namespace IsacTestbed.Cli.Composition;

/// <summary>Reads certificates, keys and tokens from files that the user named, and refuses secrets that others may read.</summary>
internal static class SecretFiles
{
    private const UnixFileMode ForOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <summary>A certificate with its private key, both PEM.</summary>
    /// <exception cref="ConfigurationException">A file cannot be read, others may read the key, they do not belong together, or it has expired.</exception>
    public static X509Certificate2 ReadCertificate(string certificateOption, string certificateFile, string keyOption, string keyFile)
    {
        string pem = ReadText(certificateOption, certificateFile);
        string key = ReadSecret(keyOption, keyFile);
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPem(pem, key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new ConfigurationException(
                certificateOption,
                string.Empty,
                $"{certificateFile} and {keyFile} are no PEM certificate and its unencrypted private key: {exception.Message}",
                exception);
        }

        if (certificate.NotAfter.ToUniversalTime() <= TimeProvider.System.GetUtcNow().UtcDateTime)
        {
            throw new ConfigurationException(
                certificateOption, string.Empty, $"{certificateFile} has expired at {certificate.NotAfter.ToUniversalTime():u}; make a new one");
        }

        return certificate;
    }

    /// <summary>Certificates of authorities, PEM, one after the other.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read or holds none.</exception>
    public static X509Certificate2Collection ReadAuthorities(string option, string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(ReadText(option, file));
        }
        catch (CryptographicException exception)
        {
            throw new ConfigurationException(option, string.Empty, $"{file} cannot be read as PEM certificates: {exception.Message}", exception);
        }

        return authorities.Count > 0 ? authorities : throw new ConfigurationException(option, string.Empty, $"{file} holds no PEM certificate");
    }

    /// <summary>A token: the only line of its file.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, others may read it, or it holds no token.</exception>
    public static AccessToken ReadToken(string option, string file)
    {
        string text = ReadSecret(option, file).TrimEnd('\r', '\n');
        try
        {
            return new AccessToken(text);
        }
        catch (ArgumentException)
        {
            throw new ConfigurationException(
                option,
                string.Empty,
                $"{file} holds no token: one line of at least {AccessToken.MinimumLength} printable characters without blanks; make one with: openssl rand -hex 32 > {file}");
        }
    }

    private static string ReadSecret(string option, string file)
    {
        string text = ReadText(option, file);
        UnixFileMode open = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(file) & ForOthers;
        return open == UnixFileMode.None
            ? text
            : throw new ConfigurationException(
                option, string.Empty, $"{file} is a secret and may be used by others ({open}); protect it with: chmod 600 {file}");
    }

    private static string ReadText(string option, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException(option, string.Empty, $"{file} cannot be read: {exception.Message}", exception);
        }
    }
}
