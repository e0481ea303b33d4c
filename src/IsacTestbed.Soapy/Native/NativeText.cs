using System.Runtime.InteropServices;

namespace IsacTestbed.Soapy;

/// <summary>Takes over what the library returns: copies it and frees it, once.</summary>
internal static unsafe class NativeText
{
    /// <summary>Copies a string that stays the library's.</summary>
    public static string Borrow(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? string.Empty;

    /// <summary>Copies and frees a string.</summary>
    public static string Take(byte* text)
    {
        try
        {
            return Borrow(text);
        }
        finally
        {
            SoapyImports.SoapySDR_free(text);
        }
    }

    /// <summary>Copies and frees a list of strings.</summary>
    public static IReadOnlyList<string> Take(byte** texts, nuint length)
    {
        string[] copies = new string[length];
        for (nuint i = 0; i < length; i++)
        {
            copies[i] = Borrow(texts[i]);
        }

        SoapyImports.SoapySDRStrings_clear(&texts, length);
        return copies;
    }

    /// <summary>Copies and frees a list of ranges.</summary>
    public static IReadOnlyList<SoapyRange> Take(NativeRange* ranges, nuint length)
    {
        var copies = new SoapyRange[length];
        for (nuint i = 0; i < length; i++)
        {
            copies[i] = new SoapyRange(ranges[i].Minimum, ranges[i].Maximum, ranges[i].Step);
        }

        SoapyImports.SoapySDR_free(ranges);
        return copies;
    }

    /// <summary>Copies and frees a map.</summary>
    public static Dictionary<string, string> Take(NativeKwargs kwargs)
    {
        Dictionary<string, string> copy = Borrow(kwargs);
        SoapyImports.SoapySDRKwargs_clear(&kwargs);
        return copy;
    }

    /// <summary>Copies a map that stays the library's.</summary>
    public static Dictionary<string, string> Borrow(NativeKwargs kwargs)
    {
        var copy = new Dictionary<string, string>(StringComparer.Ordinal);
        for (nuint i = 0; i < kwargs.Size; i++)
        {
            copy[Borrow(kwargs.Keys[i])] = Borrow(kwargs.Values[i]);
        }

        return copy;
    }

    /// <summary>Copies and frees a description.</summary>
    public static SoapyArgument Take(NativeArgInfo info)
    {
        SoapyArgument copy = Borrow(info);
        SoapyImports.SoapySDRArgInfo_clear(&info);
        return copy;
    }

    /// <summary>Copies and frees a list of descriptions.</summary>
    public static IReadOnlyList<SoapyArgument> Take(NativeArgInfo* infos, nuint length)
    {
        var copies = new SoapyArgument[length];
        for (nuint i = 0; i < length; i++)
        {
            copies[i] = Borrow(infos[i]);
        }

        SoapyImports.SoapySDRArgInfoList_clear(infos, length);
        return copies;
    }

    private static SoapyArgument Borrow(NativeArgInfo info)
    {
        string[] options = new string[info.OptionCount];
        for (nuint i = 0; i < info.OptionCount; i++)
        {
            options[i] = Borrow(info.Options[i]);
        }

        return new SoapyArgument(
            Borrow(info.Key),
            Borrow(info.Value),
            Borrow(info.Name),
            Borrow(info.Description),
            Borrow(info.Units),
            new SoapyRange(info.Range.Minimum, info.Range.Maximum, info.Range.Step),
            options);
    }
}
