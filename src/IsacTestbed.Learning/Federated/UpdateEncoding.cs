namespace IsacTestbed.Learning.Federated;

/// <summary>How an update is written as bytes. Values are part of the message.</summary>
public enum UpdateEncoding : byte
{
    /// <summary>The weights w_k as they are, 32 bits each: for the backhaul.</summary>
    Exact = 1,

    /// <summary>The difference w_k - w in 8 bits a weight by stochastic rounding, with one scale per chunk: for the air.</summary>
    Quantised = 2,
}
