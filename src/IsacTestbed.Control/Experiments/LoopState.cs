using IsacTestbed.Control.Calibration;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Experiments;

/// <summary>What a strategy carries from round to round, beside the global model.</summary>
internal sealed class LoopState
{
    private LoopState(int nextRound, CalibratedModel calibration, double[] frameDebt, CollectedSamples[] collected)
    {
        NextRound = nextRound;
        Calibration = calibration;
        FrameDebt = frameDebt;
        Collected = collected;
    }

    /// <summary>The round to do next.</summary>
    public int NextRound { get; set; }

    /// <summary>What measurements have taught.</summary>
    public CalibratedModel Calibration { get; set; }

    /// <summary>Per device: the fraction of a frame that earlier plans asked for and that did not make a whole one.</summary>
    public double[] FrameDebt { get; }

    /// <summary>Per device: the samples collected so far.</summary>
    public CollectedSamples[] Collected { get; }

    /// <summary>The state before the first round, or that of a checkpoint.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="checkpoint">Null before the first round.</param>
    /// <param name="collected">Per device, the samples that belong to the state.</param>
    public static LoopState From(Scenario scenario, Checkpoint? checkpoint, CollectedSamples[] collected) =>
        checkpoint is null
            ? new LoopState(0, CalibratedModel.FromPrior(scenario), new double[scenario.Devices.Count], collected)
            : new LoopState(checkpoint.NextRound, checkpoint.Calibration, checkpoint.FrameDebt, collected);

    /// <summary>How many frames a device senses in a round whose plan asks for a number of samples over the whole run.</summary>
    /// <remarks>Whole frames; the fraction is carried over, so that over the run the planned number comes out.</remarks>
    public int TakeFrames(int device, double samplesPerRun, int rounds)
    {
        FrameDebt[device] += samplesPerRun / rounds;
        int frames = (int)Math.Floor(FrameDebt[device]);
        FrameDebt[device] -= frames;
        return frames;
    }
}
