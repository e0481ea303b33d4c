using System.Runtime.InteropServices;

namespace IsacTestbed.Soapy;

/// <summary>A map of strings in the library's memory, for the time of a call.</summary>
internal unsafe ref struct KwargsScope
{
    private NativeKwargs* _kwargs;

    /// <summary>Copies a map into the library's memory.</summary>
    public KwargsScope(IReadOnlyDictionary<string, string> map)
    {
        _kwargs = (NativeKwargs*)NativeMemory.AllocZeroed((nuint)sizeof(NativeKwargs));
        foreach ((string key, string value) in map)
        {
            if (SoapyImports.SoapySDRKwargs_set(_kwargs, key, value) != 0)
            {
                throw new InsufficientMemoryException($"No memory for the argument {key}.");
            }
        }
    }

    /// <summary>The map.</summary>
    public readonly NativeKwargs* Pointer => _kwargs;

    /// <summary>Frees it.</summary>
    public void Dispose()
    {
        if (_kwargs is not null)
        {
            SoapyImports.SoapySDRKwargs_clear(_kwargs);
            NativeMemory.Free(_kwargs);
            _kwargs = null;
        }
    }
}
