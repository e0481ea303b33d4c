using System.Text;

namespace IsacTestbed.Lab.Dialogues;

/// <summary>Cuts what an instrument sends into lines: CR, LF or both end one, and empty ones are nothing. Not thread safe.</summary>
internal sealed class LineSplitter
{
    /// <summary>Characters after which a line that never ends is given out as it stands, so that noise cannot grow without bound.</summary>
    public const int MaximumLength = 512;

    private readonly StringBuilder _line = new(MaximumLength);

    /// <summary>What has come of a line that has not ended yet.</summary>
    public string Partial => _line.ToString();

    /// <summary>Takes bytes, each as the character of its value.</summary>
    /// <param name="bytes">What was received.</param>
    /// <param name="take">Takes each whole line.</param>
    public void Add(ReadOnlySpan<byte> bytes, Action<string> take)
    {
        foreach (byte value in bytes)
        {
            bool end = value is (byte)'\r' or (byte)'\n';
            if (!end)
            {
                _line.Append((char)value);
            }

            if ((end && _line.Length > 0) || _line.Length == MaximumLength)
            {
                string line = _line.ToString();
                _line.Clear();
                take(line);
            }
        }
    }
}
