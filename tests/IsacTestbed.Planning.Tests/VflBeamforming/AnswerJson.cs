using System.Numerics;
using System.Text.Json;

namespace IsacTestbed.Planning.Tests.VflBeamforming;

/// <summary>What a reader of the answer finds in its JSON.</summary>
internal static class AnswerJson
{
    public static Complex[][,] Beams(JsonElement answer) =>
    [
        .. answer.GetProperty("beamformers").EnumerateArray().Select(cell =>
        {
            int antennas = cell.GetArrayLength(), users = cell[0].GetArrayLength();
            var matrix = new Complex[antennas, users];
            for (int i = 0; i < antennas; i++)
            {
                for (int k = 0; k < users; k++)
                {
                    matrix[i, k] = new Complex(cell[i][k][0].GetDouble(), cell[i][k][1].GetDouble());
                }
            }

            return matrix;
        }),
    ];
}
