using System.Runtime.InteropServices;

namespace IsacTestbed.Soapy;

/// <summary>The functions of libSoapySDR 0.8's C interface that the testbed uses, as they stand in its headers.</summary>
/// <remarks>
/// Everything is blittable: a C bool is a byte, a C long a <see cref="CLong"/>, a size_t a nuint. Who frees what: a char* that is not const by
/// SoapySDR_free, a char** by SoapySDRStrings_clear, maps and descriptions by their own functions; the proxy does it. The device functions report
/// failure by their result, or by lastStatus where they return a value.
/// </remarks>
internal static unsafe partial class SoapyImports
{
    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte* SoapySDR_getABIVersion();

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte* SoapySDR_getLibVersion();

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte* SoapySDR_errToStr(int errorCode);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial void SoapySDR_free(void* pointer);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial void SoapySDRStrings_clear(byte*** strings, nuint length);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SoapySDRKwargs_set(NativeKwargs* kwargs, string key, string value);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial void SoapySDRKwargs_clear(NativeKwargs* kwargs);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial void SoapySDRKwargsList_clear(NativeKwargs* list, nuint length);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial void SoapySDRArgInfo_clear(NativeArgInfo* info);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial void SoapySDRArgInfoList_clear(NativeArgInfo* list, nuint length);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial void SoapySDR_registerLogHandler(delegate* unmanaged<int, byte*, void> handler);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial void SoapySDR_setLogLevel(int level);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SoapySDR_log(int level, string message);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_lastStatus();

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte* SoapySDRDevice_lastError();

    [LibraryImport(SoapyLibrary.Name)]
    public static partial NativeKwargs* SoapySDRDevice_enumerate(NativeKwargs* args, nuint* length);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial nint SoapySDRDevice_make(NativeKwargs* args);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_unmake(nint device);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte* SoapySDRDevice_getDriverKey(SoapyDeviceHandle device);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte* SoapySDRDevice_getHardwareKey(SoapyDeviceHandle device);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial NativeKwargs SoapySDRDevice_getHardwareInfo(SoapyDeviceHandle device);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial nuint SoapySDRDevice_getNumChannels(SoapyDeviceHandle device, int direction);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial NativeKwargs SoapySDRDevice_getChannelInfo(SoapyDeviceHandle device, int direction, nuint channel);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte SoapySDRDevice_getFullDuplex(SoapyDeviceHandle device, int direction, nuint channel);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte** SoapySDRDevice_getStreamFormats(SoapyDeviceHandle device, int direction, nuint channel, nuint* length);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte* SoapySDRDevice_getNativeStreamFormat(SoapyDeviceHandle device, int direction, nuint channel, double* fullScale);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint SoapySDRDevice_setupStream(SoapyDeviceHandle device, int direction, string format, nuint* channels, nuint channelCount, NativeKwargs* args);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_closeStream(nint device, nint stream);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial nuint SoapySDRDevice_getStreamMTU(SoapyDeviceHandle device, SoapyStreamHandle stream);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_activateStream(SoapyDeviceHandle device, SoapyStreamHandle stream, int flags, long timeNs, nuint elementCount);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_deactivateStream(SoapyDeviceHandle device, SoapyStreamHandle stream, int flags, long timeNs);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_readStream(SoapyDeviceHandle device, SoapyStreamHandle stream, void** buffers, nuint elementCount, int* flags, long* timeNs, CLong timeoutUs);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_writeStream(SoapyDeviceHandle device, SoapyStreamHandle stream, void** buffers, nuint elementCount, int* flags, long timeNs, CLong timeoutUs);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_readStreamStatus(SoapyDeviceHandle device, SoapyStreamHandle stream, nuint* channelMask, int* flags, long* timeNs, CLong timeoutUs);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte** SoapySDRDevice_listAntennas(SoapyDeviceHandle device, int direction, nuint channel, nuint* length);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SoapySDRDevice_setAntenna(SoapyDeviceHandle device, int direction, nuint channel, string name);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte* SoapySDRDevice_getAntenna(SoapyDeviceHandle device, int direction, nuint channel);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte** SoapySDRDevice_listGains(SoapyDeviceHandle device, int direction, nuint channel, nuint* length);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte SoapySDRDevice_hasGainMode(SoapyDeviceHandle device, int direction, nuint channel);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_setGainMode(SoapyDeviceHandle device, int direction, nuint channel, byte isAutomatic);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_setGain(SoapyDeviceHandle device, int direction, nuint channel, double value);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial double SoapySDRDevice_getGain(SoapyDeviceHandle device, int direction, nuint channel);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial NativeRange SoapySDRDevice_getGainRange(SoapyDeviceHandle device, int direction, nuint channel);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SoapySDRDevice_setGainElement(SoapyDeviceHandle device, int direction, nuint channel, string name, double value);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial double SoapySDRDevice_getGainElement(SoapyDeviceHandle device, int direction, nuint channel, string name);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial NativeRange SoapySDRDevice_getGainElementRange(SoapyDeviceHandle device, int direction, nuint channel, string name);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_setFrequency(SoapyDeviceHandle device, int direction, nuint channel, double frequency, NativeKwargs* args);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial double SoapySDRDevice_getFrequency(SoapyDeviceHandle device, int direction, nuint channel);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial NativeRange* SoapySDRDevice_getFrequencyRange(SoapyDeviceHandle device, int direction, nuint channel, nuint* length);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_setSampleRate(SoapyDeviceHandle device, int direction, nuint channel, double rate);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial double SoapySDRDevice_getSampleRate(SoapyDeviceHandle device, int direction, nuint channel);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial NativeRange* SoapySDRDevice_getSampleRateRange(SoapyDeviceHandle device, int direction, nuint channel, nuint* length);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_setBandwidth(SoapyDeviceHandle device, int direction, nuint channel, double bandwidth);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial double SoapySDRDevice_getBandwidth(SoapyDeviceHandle device, int direction, nuint channel);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial NativeRange* SoapySDRDevice_getBandwidthRange(SoapyDeviceHandle device, int direction, nuint channel, nuint* length);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial int SoapySDRDevice_setMasterClockRate(SoapyDeviceHandle device, double rate);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial double SoapySDRDevice_getMasterClockRate(SoapyDeviceHandle device);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte** SoapySDRDevice_listClockSources(SoapyDeviceHandle device, nuint* length);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SoapySDRDevice_setClockSource(SoapyDeviceHandle device, string source);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte* SoapySDRDevice_getClockSource(SoapyDeviceHandle device);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte** SoapySDRDevice_listTimeSources(SoapyDeviceHandle device, nuint* length);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SoapySDRDevice_setTimeSource(SoapyDeviceHandle device, string source);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte* SoapySDRDevice_getTimeSource(SoapyDeviceHandle device);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte SoapySDRDevice_hasHardwareTime(SoapyDeviceHandle device, string what);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial long SoapySDRDevice_getHardwareTime(SoapyDeviceHandle device, string what);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SoapySDRDevice_setHardwareTime(SoapyDeviceHandle device, long timeNs, string what);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte** SoapySDRDevice_listSensors(SoapyDeviceHandle device, nuint* length);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial NativeArgInfo SoapySDRDevice_getSensorInfo(SoapyDeviceHandle device, string key);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte* SoapySDRDevice_readSensor(SoapyDeviceHandle device, string key);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial byte** SoapySDRDevice_listChannelSensors(SoapyDeviceHandle device, int direction, nuint channel, nuint* length);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial NativeArgInfo SoapySDRDevice_getChannelSensorInfo(SoapyDeviceHandle device, int direction, nuint channel, string key);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte* SoapySDRDevice_readChannelSensor(SoapyDeviceHandle device, int direction, nuint channel, string key);

    [LibraryImport(SoapyLibrary.Name)]
    public static partial NativeArgInfo* SoapySDRDevice_getSettingInfo(SoapyDeviceHandle device, nuint* length);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SoapySDRDevice_writeSetting(SoapyDeviceHandle device, string key, string value);

    [LibraryImport(SoapyLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte* SoapySDRDevice_readSetting(SoapyDeviceHandle device, string key);
}
