using System.Runtime.InteropServices;

namespace IsacTestbed.Soapy;

/// <summary>SoapySDRKwargs: a map of strings, owned by the library.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeKwargs
{
    public nuint Size;
    public byte** Keys;
    public byte** Values;
}

/// <summary>SoapySDRRange.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeRange
{
    public double Minimum;
    public double Maximum;
    public double Step;
}

/// <summary>SoapySDRArgInfo: description of a setting or sensor, owned by the library.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeArgInfo
{
    public byte* Key;
    public byte* Value;
    public byte* Name;
    public byte* Description;
    public byte* Units;
    public int Type;
    public NativeRange Range;
    public nuint OptionCount;
    public byte** Options;
    public byte** OptionNames;
}
