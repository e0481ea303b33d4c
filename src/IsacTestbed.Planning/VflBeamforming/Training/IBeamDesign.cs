namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>What stands around a base station's network: features of its own channels, and beams from the network's outputs.</summary>
/// <remarks>Holds the memory of one sample: mutable and not thread safe.</remarks>
internal interface IBeamDesign
{
    /// <summary>Which one.</summary>
    BeamDesignKind Kind { get; }

    /// <summary>Number of features.</summary>
    int Inputs { get; }

    /// <summary>Number of the network's outputs.</summary>
    int Outputs { get; }

    /// <summary>Computes the features, before they are standardised.</summary>
    /// <param name="links">The base station's own links.</param>
    /// <param name="rho">Weight of the communication rate.</param>
    /// <param name="features">Receives <see cref="Inputs"/> values.</param>
    void Features(StationLinks links, double rho, Span<float> features);

    /// <summary>Computes the beams, at full power.</summary>
    /// <param name="links">The base station's own links.</param>
    /// <param name="rho">Weight of the communication rate.</param>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="re">Receives the real parts: K beams of N_T entries.</param>
    /// <param name="im">Receives the imaginary parts.</param>
    void Beams(StationLinks links, double rho, ReadOnlySpan<float> outputs, Span<double> re, Span<double> im);

    /// <summary>Carries a gradient with respect to the beams back to the outputs of the last <see cref="Beams"/>.</summary>
    /// <param name="links">The links of that call.</param>
    /// <param name="rho">The weight of that call.</param>
    /// <param name="outputs">The outputs of that call.</param>
    /// <param name="gradientRe">Derivatives with respect to the real parts.</param>
    /// <param name="gradientIm">Derivatives with respect to the imaginary parts.</param>
    /// <param name="outputGradient">Receives the derivatives with respect to the outputs.</param>
    void Back(
        StationLinks links, double rho, ReadOnlySpan<float> outputs, ReadOnlySpan<double> gradientRe, ReadOnlySpan<double> gradientIm, Span<float> outputGradient);
}
