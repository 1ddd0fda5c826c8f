"""The same DCGAN as tf_dcgan.py as one writes it in PyTorch (optional: `pip install torch`)."""

import torch
from torch import nn

BATCH, LATENT = 256, 100
HAS_CLASSES = False


def generator():
    def up(before, after, stride):
        return nn.ConvTranspose2d(
            before, after, 5, stride, 2, output_padding=stride - 1, bias=False
        )

    return nn.Sequential(
        nn.Linear(LATENT, 7 * 7 * 256, bias=False),
        nn.BatchNorm1d(7 * 7 * 256),
        nn.LeakyReLU(0.3),
        nn.Unflatten(1, (256, 7, 7)),
        up(256, 128, 1),
        nn.BatchNorm2d(128),
        nn.LeakyReLU(0.3),
        up(128, 64, 2),
        nn.BatchNorm2d(64),
        nn.LeakyReLU(0.3),
        up(64, 1, 2),
        nn.Tanh(),
    )


def discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 64, 5, 2, 2),
        nn.LeakyReLU(0.3),
        nn.Dropout(0.3),
        nn.Conv2d(64, 128, 5, 2, 2),
        nn.LeakyReLU(0.3),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(7 * 7 * 128, 1),
    )


def build(images, labels, seed):
    torch.manual_seed(seed)
    g, d = generator(), discriminator()
    g_adam = torch.optim.Adam(g.parameters(), 1e-4, betas=(0.9, 0.999))
    d_adam = torch.optim.Adam(d.parameters(), 1e-4, betas=(0.9, 0.999))
    loss = nn.BCEWithLogitsLoss()
    data = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1.0
    one, zero = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)

    def step():
        real = data[torch.randint(len(data), (BATCH,))]
        fake = g(torch.randn(BATCH, LATENT))
        d_adam.zero_grad(set_to_none=True)
        (loss(d(real), one) + loss(d(fake.detach()), zero)).backward()
        d_adam.step()
        g_adam.zero_grad(set_to_none=True)
        loss(d(fake), one).backward()
        g_adam.step()

    @torch.no_grad()
    def fakes(count, labels):
        g.eval()
        z = torch.randn(count, LATENT, generator=torch.Generator().manual_seed(seed))
        images = g(z).permute(0, 2, 3, 1).numpy()
        g.train()
        return images

    return step, fakes
