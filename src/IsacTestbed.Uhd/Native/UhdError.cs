namespace IsacTestbed.Uhd;

/// <summary>What a call of the C API returns (uhd_error).</summary>
internal enum UhdError
{
    None = 0,
    InvalidDevice = 1,
    Index = 10,
    Key = 11,
    NotImplemented = 20,
    Usb = 21,
    InputOutput = 30,
    OperatingSystem = 31,
    Assertion = 40,
    Lookup = 41,
    Type = 42,
    Value = 43,
    Runtime = 44,
    Environment = 45,
    System = 46,
    Exception = 47,
    BoostException = 60,
    StandardException = 70,
    Unknown = 100,
}

/// <summary>Error in the metadata of a read (uhd_rx_metadata_error_code_t).</summary>
internal enum UhdReceiveError
{
    None = 0,
    Timeout = 1,
    LateCommand = 2,
    BrokenChain = 4,
    Overflow = 8,
    Alignment = 0xC,
    BadPacket = 0xF,
}

/// <summary>Event of a transmission (uhd_async_metadata_event_code_t).</summary>
internal enum UhdAsyncEvent
{
    BurstAcknowledged = 1,
    Underflow = 2,
    SequenceError = 4,
    TimeError = 8,
    UnderflowInPacket = 0x10,
    SequenceErrorInBurst = 0x20,
    UserPayload = 0x40,
}

/// <summary>Type of a sensor's value (uhd_sensor_value_data_type_t).</summary>
internal enum UhdSensorType
{
    Boolean = 'b',
    Integer = 'i',
    Real = 'r',
    Text = 's',
}
