using System.Text;

namespace IsacTestbed.Cli;

/// <summary>Standard output that leads to a file: a full disk is then the user's to mend, and told from all other faults of files.</summary>
/// <param name="output">What is written to.</param>
internal sealed class RedirectedOutput(TextWriter output) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => output.Encoding;

    /// <summary>Takes the place of <see cref="Console.Out"/> where that is no terminal.</summary>
    public static void Install()
    {
        if (Console.IsOutputRedirected)
        {
            Console.SetOut(new RedirectedOutput(Console.Out));
        }
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write([.. value.AsSpan(), .. CoreNewLine]);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        try
        {
            output.Write(buffer);
        }
        catch (IOException exception)
        {
            throw new OutputException(exception);
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        try
        {
            output.Flush();
        }
        catch (IOException exception)
        {
            throw new OutputException(exception);
        }
    }
}
