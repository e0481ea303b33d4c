using System.Runtime.InteropServices;
using System.Text;

namespace IsacTestbed.Uhd;

/// <summary>A call that writes text into a buffer; a text that fills it is not terminated.</summary>
internal unsafe delegate UhdError UhdTextCall(byte* text, nuint length);

/// <summary>Text that the C API writes into buffers.</summary>
internal static unsafe class UhdText
{
    private const int MostBytes = 16384;

    /// <summary>Reads a text.</summary>
    public static UhdError Read(UhdTextCall call, out string text)
    {
        byte* buffer = (byte*)NativeMemory.AllocZeroed(MostBytes + 1);
        try
        {
            UhdError error = call(buffer, MostBytes);
            text = Marshal.PtrToStringUTF8((nint)buffer) ?? string.Empty;
            return error;
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }

    /// <summary>Makes one line of a text that libuhd breaks into several.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (string part in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            line.Append(line.Length == 0 ? string.Empty : " ").Append(part);
        }

        return line.ToString();
    }
}
