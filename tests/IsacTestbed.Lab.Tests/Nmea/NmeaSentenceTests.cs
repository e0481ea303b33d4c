using FsCheck;
using FsCheck.Fluent;
using IsacTestbed.Core;
using IsacTestbed.Lab.Nmea;

namespace IsacTestbed.Lab.Tests.Nmea;

public sealed class NmeaSentenceTests
{
    // A sentence of the standard's examples, with the checksum printed there.
    private const string Gga = "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47";
    private const string Rmc = "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A";

    [Fact]
    public void Sentence_OfTheStandard_IsRead()
    {
        NmeaSentence sentence = NmeaSentence.TryParse(Gga)!;
        Assert.Equal(("GP", "GGA", 14), (sentence.Talker, sentence.Type, sentence.Fields.Count));
        GpsFix fix = GpsFix.TryRead(sentence)!;
        Assert.Equal((FixQuality.Gps, 8, 545.4), (fix.Quality, fix.SatellitesUsed, fix.AltitudeMeters));
        Assert.Equal(48.1173, fix.LatitudeDegrees, 1e-6);
        Assert.Equal(11.516667, fix.LongitudeDegrees, 1e-6);
        Assert.Equal(Gga, NmeaSentence.Format(Gga[1..^3]));
    }

    [Fact]
    public void Time_OfRmc_IsUtc()
    {
        GpsTime time = GpsTime.TryRead(NmeaSentence.TryParse(Rmc)!)!;
        Assert.Equal(new DateTimeOffset(2094, 3, 23, 12, 35, 19, TimeSpan.Zero), time.Utc);
        Assert.True(time.IsValid);
    }

    [Theory]
    [InlineData("GPRMC,235959.50,V,,,,,,,311299,,", "2099-12-31T23:59:59.5Z", false)]
    [InlineData("GNRMC,000000,A,,,,,,,290228,,", "2028-02-29T00:00:00Z", true)]
    public void Time_Variants_AreRead(string content, string expected, bool valid)
    {
        GpsTime time = GpsTime.TryRead(NmeaSentence.TryParse(NmeaSentence.Format(content))!)!;
        Assert.Equal((DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), valid), (time.Utc, time.IsValid));
    }

    [Theory]
    [InlineData("GPRMC,240000,A,,,,,,,010126,,")]
    [InlineData("GPRMC,120000,A,,,,,,,310226,,")]
    [InlineData("GPRMC,12000,A,,,,,,,010126,,")]
    [InlineData("GPRMC,,V,,,,,,,,,")]
    [InlineData("GPRMC,120000,X,,,,,,,010126,,")]
    [InlineData("GPRMC,120000x5,A,,,,,,,010126,,")]
    [InlineData("GPGGA,120000,A,,,,,,,010126,,")]
    public void Time_ThatIsNone_IsNotRead(string content) => Assert.Null(GpsTime.TryRead(NmeaSentence.TryParse(NmeaSentence.Format(content))!));

    [Theory]
    [InlineData("GPGGA,120000,,,,,0,00,99.9,,,,,,", false)]
    [InlineData("GPGGA,120000,9100.0,N,01131.0,E,1,08,0.9,5,M,4,M,,", null)]
    [InlineData("GPGGA,120000,4860.0,N,01131.0,E,1,08,0.9,5,M,4,M,,", null)]
    [InlineData("GPGGA,120000,4800.0,X,01131.0,E,1,08,0.9,5,M,4,M,,", null)]
    [InlineData("GPGGA,120000,4800.0,S,18000.0,W,6,08,0.9,5,M,4,M,,", true)]
    [InlineData("GPGGA,120000,4800.0,N", null)]
    [InlineData("GPGGA,120000,4800.0,N,01131.0,E,,08,0.9,5,M,4,M,,", null)]
    public void Fix_Variants_AreJudged(string content, bool? valid) => Assert.Equal(valid, GpsFix.TryRead(NmeaSentence.TryParse(NmeaSentence.Format(content))!)?.IsValid);

    /// <summary>Any single flipped bit of any sentence is noticed: an exclusive or of all characters changes with each of them.</summary>
    [Fact]
    public void Sentence_WithOneBitFlipped_IsNoSentence()
    {
        for (int i = 0; i < Gga.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                char[] bent = Gga.ToCharArray();
                bent[i] ^= (char)(1 << bit);

                // Letters of either case are the same hexadecimal digit.
                bool sameChecksum = i >= Gga.Length - 2 && char.ToUpperInvariant(bent[i]) == char.ToUpperInvariant(Gga[i]);
                Assert.True(sameChecksum || NmeaSentence.TryParse(bent) is null, new string(bent));
            }
        }
    }

    [Fact]
    public void Sentence_CutOffAnywhere_IsNoSentence()
    {
        for (int length = 0; length < Gga.Length; length++)
        {
            Assert.Null(NmeaSentence.TryParse(Gga.AsSpan(0, length)));
            Assert.Null(NmeaSentence.TryParse(Gga.AsSpan(Gga.Length - length)));
        }
    }

    /// <summary>Two sentences of which a piece in the middle was lost look like one: only its checksum tells, and so about one in 256 passes.</summary>
    [Fact]
    public void Sentences_GluedByALoss_PassNoMoreOftenThanChance()
    {
        int trials = 0, passed = 0;
        for (int first = 8; first < Gga.Length; first++)
        {
            for (int second = 8; second < Rmc.Length - 3; second++)
            {
                trials++;
                passed += NmeaSentence.TryParse(string.Concat(Gga.AsSpan(0, first), Rmc.AsSpan(second))) is null ? 0 : 1;
            }
        }

        // The checksum has 7 bits, since the characters have: chance is one in 128. Three standard deviations above it.
        double expected = trials / 128.0;
        Assert.InRange(passed, 0, expected + (3 * Math.Sqrt(expected)));
    }

    /// <summary>What is formatted is read back, whatever the fields; and with another checksum it is not.</summary>
    [Fact]
    public void Sentence_Formatted_IsReadBack()
    {
        Gen<string> field = Gen.Elements("0123456789ABCNSEWM.-".ToCharArray()).ArrayOf().Select(c => new string(c)).Where(f => f.Length < 8);
        Arbitrary<string[]> fields = field.ArrayOf().Where(f => f.Length is > 0 and < 12).ToArbitrary();
        Prop.ForAll(fields, values =>
        {
            string text = NmeaSentence.Format($"GPXYZ,{string.Join(',', values)}");
            string other = $"{text[..^2]}{(text[^2..] == "00" ? "01" : "00")}";
            return NmeaSentence.TryParse(text) is { } read && read.Fields.SequenceEqual(values) && NmeaSentence.TryParse(other) is null;
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Noise is never a sentence by more than chance, and never an exception.</summary>
    [Fact]
    public void Sentence_FromNoise_IsNone()
    {
        var random = new CounterRandom(1, RandomPurpose.Test);
        ulong index = 0;
        for (int trial = 0; trial < 20_000; trial++)
        {
            char[] noise = new char[random.IntegerAt(index++, 130)];
            for (int i = 0; i < noise.Length; i++)
            {
                noise[i] = (char)random.IntegerAt(index++, 256);
            }

            if (noise.Length > 0)
            {
                noise[0] = '$';
            }

            Assert.Null(NmeaSentence.TryParse(noise));
        }
    }
}
