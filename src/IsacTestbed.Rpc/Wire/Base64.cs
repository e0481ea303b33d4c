namespace IsacTestbed.Rpc;

/// <summary>Base64 as gRPC's binary headers use it: padding is optional.</summary>
internal static class Base64
{
    /// <exception cref="FormatException">It is not base64.</exception>
    public static byte[] Decode(string text) =>
        Convert.FromBase64String((text.Length & 3) switch
        {
            2 => text + "==",
            3 => text + "=",
            _ => text,
        });
}
