namespace IsacTestbed.Learning.Kernels;

/// <summary>Vector instructions that a kernel is written for.</summary>
internal enum InstructionTier
{
    /// <summary>None: the reference.</summary>
    Scalar,

    /// <summary>256 bits with fused multiply-add, or pairs of 128.</summary>
    Vector256,

    /// <summary>512 bits.</summary>
    Vector512,
}
