using System.IO.Compression;
using IsacTestbed.Core;
using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private static readonly byte[] Images =
        [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255, 255, 204, 153, 102, 51, 0];
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 2, 9, 4];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idx");

    public void Dispose() => _folder.Delete(true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void File_PlainOrCompressed_GivesImagesAndLabels(bool compressed)
    {
        LabelledSamples samples = IdxFile.ReadImages(Write("images", Images, compressed), Write("labels", Labels, compressed), 10);
        Assert.Equal(new FeatureShape(2, 3, 1), samples.Shape);
        Assert.Equal([9, 4], samples.Labels.ToArray());
        Assert.Equal([0, 0.2f, 0.4f, 0.6f, 0.8f, 1, 1, 0.8f, 0.6f, 0.4f, 0.2f, 0], samples.Features.ToArray());
    }

    [Fact]
    public void File_TruncatedAnywhere_IsRefusedByName()
    {
        string labels = Write("labels", Labels, false);
        for (int length = 0; length < Images.Length; length++)
        {
            string path = Write("images", Images[..length], length % 2 == 1);
            ConfigurationException exception = Assert.Throws<ConfigurationException>(() => IdxFile.ReadImages(path, labels, 10));
            Assert.Contains(path, exception.Message, StringComparison.Ordinal);
            Assert.Contains("truncated", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void File_CompressedAndDamaged_IsRefused()
    {
        string path = Write("images", Images, true), labels = Write("labels", Labels, false);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.Throws<ConfigurationException>(() => IdxFile.ReadImages(path, labels, 10));
    }

    [Theory]
    [InlineData("0x00000801", 3, 1)]
    [InlineData("goes on", Appended, 0)]
    [InlineData("announces a size", 4, 0x7F)]
    [InlineData("announces a size", 11, 0)]
    public void File_ThatIsNoImageFile_IsRefusedWithTheReason(string reason, int position, byte value)
    {
        byte[] images = [.. Images];
        if (position == Appended)
        {
            images = [.. images, value];
        }
        else
        {
            images[position] = value;
        }

        string path = Write("images", images, false), labels = Write("labels", Labels, false);
        Assert.Contains(
            reason, Assert.Throws<ConfigurationException>(() => IdxFile.ReadImages(path, labels, 10)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_ThatDoNotBelongToTheImages_AreRefused()
    {
        string images = Write("images", Images, false);
        string fewer = Write("fewer", [0, 0, 8, 1, 0, 0, 0, 1, 9], false), labels = Write("labels", Labels, false);
        string tooFew = Assert.Throws<ConfigurationException>(() => IdxFile.ReadImages(images, fewer, 10)).Message;
        Assert.Contains("1 labels", tooFew, StringComparison.Ordinal);
        string beyond = Assert.Throws<ConfigurationException>(() => IdxFile.ReadImages(images, labels, 9)).Message;
        Assert.Contains("label 9", beyond, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => IdxFile.ReadImages(Path.Combine(_folder.FullName, "absent"), labels, 10));
    }

    private const int Appended = -1;

    private string Write(string name, byte[] content, bool compressed)
    {
        string path = Path.Combine(_folder.FullName, name);
        using FileStream file = File.Create(path);
        using Stream stream = compressed ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(content);
        return path;
    }
}
