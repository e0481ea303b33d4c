namespace IsacTestbed.Core;

/// <summary>What a stream of random numbers is for: part of its key, so that no two uses ever share numbers.</summary>
/// <remarks>Values are part of recorded results: never renumber or reuse one.</remarks>
public enum RandomPurpose : byte
{
    /// <summary>Not a stream; a default key is a mistake.</summary>
    Unspecified = 0,

    /// <summary>Thermal noise of a receiver; entity is the receiver, sub-entity the channel.</summary>
    ReceiverNoise = 1,

    /// <summary>Block fading of a direct link.</summary>
    LinkFading = 2,

    /// <summary>Block fading of an echo.</summary>
    EchoFading = 3,

    /// <summary>Oscillator phase noise.</summary>
    PhaseNoise = 4,

    /// <summary>Where a target stands in each dwell.</summary>
    TargetPosition = 5,

    /// <summary>Placement of nodes in a generated scenario.</summary>
    Placement = 6,

    /// <summary>Initial weights of a network.</summary>
    WeightInitialisation = 7,

    /// <summary>Order of training samples.</summary>
    BatchOrder = 8,

    /// <summary>Stochastic rounding of a model update.</summary>
    Quantisation = 9,

    /// <summary>Division of a data set among devices.</summary>
    Partition = 10,

    /// <summary>Noise added to samples of a stored data set.</summary>
    DataNoise = 11,

    /// <summary>Upload success drawn from a probability, in reproductions without radios.</summary>
    UploadDraw = 12,

    /// <summary>Bits of a probe or filler packet.</summary>
    PacketBits = 13,

    /// <summary>Starting points of an optimiser.</summary>
    OptimiserStart = 14,

    /// <summary>Inputs that a test generates.</summary>
    Test = 15,

    /// <summary>Resampling for a confidence interval.</summary>
    Bootstrap = 16,

    /// <summary>Gaussian sensing symbols; entity is the radio, sub-entity the round.</summary>
    SensingSymbols = 17,
}
