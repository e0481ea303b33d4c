using System.Runtime.InteropServices;

namespace IsacTestbed.Uhd;

/// <summary>uhd_stream_args_t: no pointer may be null.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UhdStreamArguments
{
    public byte* HostFormat;
    public byte* WireFormat;
    public byte* Arguments;
    public nuint* Channels;
    public int ChannelCount;
}

/// <summary>uhd_stream_mode_t.</summary>
internal enum UhdStreamMode
{
    StartContinuous = 'a',
    StopContinuous = 'o',
    SamplesAndDone = 'd',
    SamplesAndMore = 'm',
}

/// <summary>uhd_stream_cmd_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UhdStreamCommand
{
    public UhdStreamMode Mode;
    public nuint SampleCount;
    public byte IsImmediate;
    public long WholeSeconds;
    public double Fraction;
}

/// <summary>uhd_tune_request_policy_t.</summary>
internal enum UhdTunePolicy
{
    None = 'N',
    Auto = 'A',
    Manual = 'M',
}

/// <summary>uhd_tune_request_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UhdTuneRequest
{
    public double TargetHz;
    public UhdTunePolicy RfPolicy;
    public double RfHz;
    public UhdTunePolicy DspPolicy;
    public double DspHz;
    public byte* Arguments;
}

/// <summary>uhd_tune_result_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UhdTuneResult
{
    public double ClippedRfHz;
    public double TargetRfHz;
    public double ActualRfHz;
    public double TargetDspHz;
    public double ActualDspHz;
}

/// <summary>uhd_range_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UhdRange
{
    public double Start;
    public double Stop;
    public double Step;
}

/// <summary>uhd_usrp_rx_info_t and uhd_usrp_tx_info_t, which have the same layout; freed by their own calls.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UhdChannelInfo
{
    public byte* BoardId;
    public byte* BoardName;
    public byte* BoardSerial;
    public byte* FrontendId;
    public byte* FrontendName;
    public byte* FrontendSpec;
    public byte* FrontendSerial;
    public byte* Antenna;
}
