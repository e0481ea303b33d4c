using System.Runtime.InteropServices;

namespace IsacTestbed.Uhd;

/// <summary>Imports: version, last error and the value types of the C API.</summary>
internal static partial class UhdNative
{
    static UhdNative() => NativeLibrary.SetDllImportResolver(typeof(UhdNative).Assembly, UhdLibrary.Resolve);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_get_last_error")]
    internal static unsafe partial UhdError GetLastError(byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_get_version_string")]
    internal static unsafe partial UhdError GetVersion(byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_get_abi_string")]
    internal static unsafe partial UhdError GetAbi(byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_string_vector_make")]
    internal static partial UhdError StringVectorMake(out StringVectorHandle strings);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_string_vector_free")]
    internal static partial UhdError StringVectorFree(ref nint strings);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_string_vector_size")]
    internal static partial UhdError StringVectorSize(StringVectorHandle strings, out nuint size);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_string_vector_at")]
    internal static unsafe partial UhdError StringVectorAt(StringVectorHandle strings, nuint index, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_meta_range_make")]
    internal static partial UhdError MetaRangeMake(out MetaRangeHandle ranges);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_meta_range_free")]
    internal static partial UhdError MetaRangeFree(ref nint ranges);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_meta_range_size")]
    internal static partial UhdError MetaRangeSize(MetaRangeHandle ranges, out nuint size);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_meta_range_at")]
    internal static partial UhdError MetaRangeAt(MetaRangeHandle ranges, nuint index, out UhdRange range);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_sensor_value_make")]
    internal static partial UhdError SensorValueMake(out SensorValueHandle sensor);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_sensor_value_free")]
    internal static partial UhdError SensorValueFree(ref nint sensor);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_sensor_value_value")]
    internal static unsafe partial UhdError SensorValueText(SensorValueHandle sensor, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_sensor_value_unit")]
    internal static unsafe partial UhdError SensorValueUnit(SensorValueHandle sensor, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_sensor_value_data_type")]
    internal static partial UhdError SensorValueType(SensorValueHandle sensor, out UhdSensorType type);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_sensor_value_to_bool")]
    internal static partial UhdError SensorValueToBool(SensorValueHandle sensor, [MarshalAs(UnmanagedType.U1)] out bool value);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_subdev_spec_make", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UhdError SubdevSpecMake(out SubdevSpecHandle spec, string markup);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_subdev_spec_free")]
    internal static partial UhdError SubdevSpecFree(ref nint spec);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_subdev_spec_to_string")]
    internal static unsafe partial UhdError SubdevSpecText(SubdevSpecHandle spec, byte* text, nuint length);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_mboard_eeprom_make")]
    internal static partial UhdError BoardEepromMake(out BoardEepromHandle eeprom);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_mboard_eeprom_free")]
    internal static partial UhdError BoardEepromFree(ref nint eeprom);

    [LibraryImport(UhdLibrary.Name, EntryPoint = "uhd_mboard_eeprom_get_value", StringMarshalling = StringMarshalling.Utf8)]
    internal static unsafe partial UhdError BoardEepromGet(BoardEepromHandle eeprom, string key, byte* text, nuint length);
}
