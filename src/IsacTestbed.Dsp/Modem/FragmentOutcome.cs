namespace IsacTestbed.Dsp.Modem;

/// <summary>What an assembler did with a payload.</summary>
public enum FragmentOutcome
{
    /// <summary>New and kept.</summary>
    Accepted,

    /// <summary>Already there; ignored.</summary>
    Duplicate,

    /// <summary>Of another stream; ignored.</summary>
    OtherStream,

    /// <summary>Its length, number or announced message length does not fit this message; ignored.</summary>
    Malformed,
}
